import type { CompiledText, Effect } from '../sql/compiled.js'
import type { Session } from './session.js'

/**
 * Settings under which the server reads the literals of a statement when it parses it, or computes what depends on nothing else
 * when it plans it: `pi()::text`, `quote_ident('x')`.
 */
const READING = [
  'timezone',
  'datestyle',
  'intervalstyle',
  'default_text_search_config',
  'xmloption',
  'extra_float_digits',
  'bytea_output',
  'quote_all_identifiers',
] as const
const NAMES: ReadonlySet<string> = new Set(READING)

/** How the server would read literals that it got now. */
export class Reading {
  readonly #session: Pick<Session, 'connection' | 'settings'>
  /** Something was sent that may change it. */
  #changes = false
  /** Of which settings `#text` says how literals are read. */
  #version: object | null = null
  #text = ''

  constructor(session: Pick<Session, 'connection' | 'settings'>) {
    this.#session = session
  }

  /** A text is about to be sent, or a portal of it executed. */
  sending({ statements }: CompiledText): void {
    for (const { effects } of statements)
      if (effects.length > 0 && effects.some(isChange)) this.#changes = true
  }

  /** Null: something outstanding may change it, or nobody has seen what did. */
  get now(): string | null {
    const { connection, settings } = this.#session
    const isAnswered = connection === null || connection.replies.length === 0
    if (isAnswered) this.#changes = false
    const isVolatile = !isAnswered && settings.isVolatile(READING)
    if (this.#changes || isVolatile || connection?.settingsInDoubt.hasAny(READING) === true) return null
    if (settings.version !== this.#version) {
      this.#version = settings.version
      this.#text = READING.map((name) => settings.get(name) ?? '').join('\0')
    }
    return this.#text
  }
}

function isChange(effect: Effect): boolean {
  return effect.kind === 'set'
    ? NAMES.has(effect.name)
    : effect.kind === 'reset-all' || effect.kind === 'discard-all'
}

let uniques = 0

/**
 * What the literals of a text depend on beside the text; statements that differ in it are prepared apart.
 *
 * Never the same twice where nobody knows how they are read, or where one means the moment it is parsed in: such a statement is
 * prepared anew each time, and met by nobody else.
 */
export function literalMeaning({ namesMoment }: CompiledText, reading: string | null): string {
  if (reading !== null && !namesMoment) return reading
  uniques += 1
  return `${reading}\0${uniques}`
}
