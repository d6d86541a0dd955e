/** What a tenant may do with one setting; a setting without a rule is refused both ways. */
export interface SettingRule {
  readonly set: boolean
  readonly show: boolean
}

type Refuse = (value: string) => string | null

const settable: SettingRule = { set: true, show: true }
const showable: SettingRule = { set: false, show: true }

/** They change how the client's own values are shown or parsed, and what its own statements may take. */
const SETTABLE = [
  'application_name',
  'bytea_output',
  'check_function_bodies',
  'client_encoding',
  'client_min_messages',
  'datestyle',
  'default_text_search_config',
  'default_transaction_deferrable',
  'default_transaction_isolation',
  'default_transaction_read_only',
  'escape_string_warning',
  'extra_float_digits',
  'idle_in_transaction_session_timeout',
  'intervalstyle',
  'jit',
  'lock_timeout',
  'quote_all_identifiers',
  'row_security',
  'search_path',
  'standard_conforming_strings',
  'statement_timeout',
  'synchronize_seqscans',
  'synchronous_commit',
  'timezone',
  'transaction_deferrable',
  'transaction_isolation',
  'transaction_read_only',
  'transaction_timeout',
  'xmlbinary',
  'xmloption',
]

/** Fixed properties of the server that drivers and editors ask for. */
const SHOWABLE = [
  'block_size',
  'default_table_access_method',
  'default_tablespace',
  'in_hot_standby',
  'integer_datetimes',
  'is_superuser',
  'lc_collate',
  'lc_ctype',
  'lc_messages',
  'lc_monetary',
  'lc_numeric',
  'lc_time',
  'max_function_args',
  'max_identifier_length',
  'max_index_keys',
  'password_encryption',
  'server_encoding',
  'server_version',
  'server_version_num',
]

/** Every setting that a tenant may read, by its name in lower case. */
export const SETTING_RULES: ReadonlyMap<string, SettingRule> = new Map([
  ...SETTABLE.map((name) => [name, settable] as const),
  ...SHOWABLE.map((name) => [name, showable] as const),
])

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

/** The rule of a setting, by name in any case; undefined: refused. */
export function settingRule(name: string): SettingRule | undefined {
  return SETTING_RULES.get(name.toLowerCase())
}

/**
 * Why a value may not be set; null where it may. A `value` of null is DEFAULT or RESET, the value that the gateway's
 * own connection started with.
 */
export function settingRefusal(name: string, value: string | null): string | null {
  if (settingRule(name)?.set !== true) return 'this setting is kept by the gateway'
  if (value === null) return null
  return VALUES.get(name.toLowerCase())?.(value) ?? null
}
