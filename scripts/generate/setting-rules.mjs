/**
 * The reviewed decisions on settings; `npm run generate` applies them to the inventory.
 *
 * A setting under SETTABLE that an ordinary role may not set on some version, or whose name no version has, stops the
 * generator; so does a category without a reason. What stands in neither list is refused, with its category's reason.
 */

const words = (text) => text.trim().split(/\s+/)

/** They change how the client's own values are shown or parsed, and what its own statements may take. */
export const SETTABLE = words(`
  application_name bytea_output check_function_bodies client_encoding client_min_messages DateStyle
  default_text_search_config default_transaction_deferrable default_transaction_isolation default_transaction_read_only
  escape_string_warning extra_float_digits idle_in_transaction_session_timeout IntervalStyle jit lock_timeout
  quote_all_identifiers row_security search_path standard_conforming_strings statement_timeout synchronize_seqscans
  synchronous_commit TimeZone transaction_deferrable transaction_isolation transaction_read_only transaction_timeout
  xmlbinary xmloption`)

/** Fixed properties of the server that drivers and editors ask for. */
export const SHOWABLE = words(`
  block_size default_table_access_method default_tablespace in_hot_standby integer_datetimes is_superuser lc_collate
  lc_ctype lc_messages lc_monetary lc_numeric lc_time max_function_args max_identifier_length max_index_keys
  password_encryption server_encoding server_version server_version_num`)

/** The sentence that the client is shown as detail, by key. */
export const REASONS = {
  planner: "the planner is the gateway's: what is evaluated before a predicate depends on it",
  resources: 'memory, workers and disk are shared by all tenants',
  server: 'it belongs to the server, not to a session',
  logging: "the server's log is the operator's",
  replication: "replication and the write-ahead log are the operator's",
  code: 'it makes the server load or find other code',
  meaning: 'it changes what a statement means after the gateway has read it',
  identity: 'who runs a statement is decided at login',
  maintenance: "maintenance of tables is the operator's",
  session: 'it belongs to the pooled server session, which others use too',
  objects: "it only counts where objects are made, which is the operator's",
}

/** Where a category is too coarse. */
export const REFUSED = {
  meaning: words(`
    array_nulls backslash_quote lo_compat_privileges
    restrict_nonsystem_relation_kind timezone_abbreviations transform_null_equals`),
  code: words(
    'dynamic_library_path extension_control_path jit_provider local_preload_libraries session_preload_libraries shared_preload_libraries',
  ),
  identity: words('role session_authorization session_replication_role event_triggers'),
  session: words('seed idle_session_timeout client_connection_check_interval'),
  objects: words('createrole_self_grant default_toast_compression'),
}

/** The reason for what no list names, by the beginning of the category. */
export const CATEGORIES = {
  'Client Connection Defaults / Locale': 'session',
  'Client Connection Defaults / Other': 'resources',
  'Client Connection Defaults / Shared Library': 'code',
  'Client Connection Defaults / Statement': 'resources',
  'Connections and Authentication': 'server',
  'Developer Options': 'server',
  'Error Handling': 'server',
  'File Locations': 'server',
  Hidden: 'identity',
  'Lock Management': 'server',
  'Preset Options': 'server',
  'Process Title': 'server',
  'Query Tuning': 'planner',
  Replication: 'replication',
  'Reporting and Logging': 'logging',
  'Resource Usage': 'resources',
  Statistics: 'logging',
  Vacuuming: 'maintenance',
  Autovacuum: 'maintenance',
  'Version and Platform Compatibility': 'meaning',
  'Write-Ahead Log': 'replication',
}
