import type { SettingRule } from './setting-rule.js'
import { SETTING_RULES } from './settings.generated.js'

export type { SettingRule } from './setting-rule.js'

type Refuse = (value: string) => string | null

/** What the server's parse_bool takes for true. */
const TRUE = /^(t|tr|tru|true|y|ye|yes|on|1)$/i

/** As the server compares encoding names: letters and digits only, without regard to case. */
function encodingName(value: string): string {
  return value.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/**
 * Values that would undo what the gateway builds on.
 *
 * With standard_conforming_strings off the server reads `'\'` otherwise than our parser did. Below `notice`
 * the server sends its log lines to the client: lock waits name other sessions, auto_explain counts other
 * tenants' rows.
 */
const VALUES: ReadonlyMap<string, Refuse> = new Map<string, Refuse>([
  [
    'client_encoding',
    (value) =>
      ['utf8', 'unicode', 'sqlascii'].includes(encodingName(value)) ? null : 'the gateway speaks UTF8 only',
  ],
  [
    'client_min_messages',
    (value) =>
      /^(info|notice|warning|error)$/i.test(value) ? null : 'log and debug messages stay on the server',
  ],
  [
    'standard_conforming_strings',
    (value) => (TRUE.test(value) ? null : 'the gateway parses standard strings only'),
  ],
])

/** The rule of a setting, by name in any case; undefined: no supported version has it, and it is refused. */
export function settingRule(name: string): SettingRule | undefined {
  return SETTING_RULES.get(name.toLowerCase())
}

/**
 * Why a value may not be set; null where it may. A `value` of null is DEFAULT or RESET, the value that the gateway's
 * own connection started with.
 */
export function settingRefusal(name: string, value: string | null): string | null {
  const rule = settingRule(name)
  if (rule?.set !== true) return rule?.reason ?? 'this setting is kept by the gateway'
  if (value === null) return null
  return VALUES.get(name.toLowerCase())?.(value) ?? null
}
