import type { CompiledText } from '../sql/compiled.js'
import type { SettingValues } from '../upstream/own-sql.js'

/** Settings under which the server reads the literals of a statement when it parses it. */
const READING = ['timezone', 'datestyle', 'intervalstyle', 'default_text_search_config', 'xmloption'] as const

let moments = 0

/**
 * What the literals of a text depend on beside the text; statements that differ in it are prepared apart.
 *
 * Never the same twice where a literal means the moment it is parsed in: such a statement is prepared anew each time.
 */
export function literalMeaning({ namesMoment }: CompiledText, settings: SettingValues): string {
  const values = READING.map((name) => settings.get(name) ?? '').join('\0')
  if (!namesMoment) return values
  moments += 1
  return `${values}\0${moments}`
}
