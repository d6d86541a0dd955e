/**
 * The reviewed decisions on the functions of pg_catalog; `npm run generate` applies them to the inventory.
 *
 * A name is decided for all of its overloads together, because argument types aren't known when a statement is
 * compiled. Nothing is allowed by default: a name that no rule here decides stops the generator.
 * A name under ALLOWED that an ordinary role may not execute, that takes or gives `internal` or `cstring`, or that is
 * volatile without standing in VOLATILE stops the generator too.
 */

const words = (text) => text.trim().split(/\s+/)

/** Tenants may call these: they see their arguments, the clock, or the schema; nothing of other rows or sessions. */
export const ALLOWED = {
  text: words(`
    ascii bit_length btrim casefold cash_words char_length character_length chr concat concat_ws convert convert_from convert_to
    crc32 crc32c decode encode format hashtext hashtextextended initcap is_normalized left length like_escape lower
    lpad ltrim md5 normalize octet_length overlay parse_ident position quote_ident quote_literal quote_nullable
    regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array
    regexp_split_to_table regexp_substr repeat replace reverse right rpad rtrim sha224 sha256 sha384 sha512
    similar_escape similar_to_escape split_part starts_with string_to_array string_to_table strpos substr substring
    textlen to_ascii translate unicode_assigned unistr upper`),
  bits: words('bit_count get_bit get_byte set_bit set_byte'),
  number: words(`
    abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh cbrt ceil ceiling cos cosd cosh cot cotd degrees
    div erf erfc exp factorial floor gamma gcd hashint4 hashint4extended hashint8 hashint8extended lcm lgamma ln log log10
    min_scale mod pi pow power radians random random_normal round scale sign sin sind sinh sqrt tan tand tanh to_bin
    to_char to_hex to_number to_oct trim_scale trunc width_bucket pg_size_bytes pg_size_pretty`),
  time: words(`
    age clock_timestamp date_add date_bin date_part date_subtract date_trunc extract isfinite justify_days justify_hours
    justify_interval make_date make_interval make_time make_timestamp make_timestamptz now overlaps statement_timestamp
    timeofday timezone to_date to_timestamp transaction_timestamp pg_timezone_abbrevs pg_timezone_abbrevs_abbrevs
    pg_timezone_abbrevs_zone pg_timezone_names`),
  identifiers: words('gen_random_uuid uuid_extract_timestamp uuid_extract_version uuidv4 uuidv7'),
  array: words(`
    array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position array_positions
    array_prepend array_remove array_replace array_reverse array_sample array_shuffle array_sort array_to_string
    array_upper arraycontained arraycontains arrayoverlap cardinality generate_series generate_subscripts trim_array
    unnest`),
  enum: words('enum_first enum_last enum_range'),
  json: words(`
    array_to_json json_array_elements json_array_elements_text json_array_length json_build_array json_build_object
    json_each json_each_text json_extract_path json_extract_path_text json_object json_object_keys json_populate_record
    json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_typeof jsonb_array_elements
    jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_contained jsonb_contains
    jsonb_each jsonb_each_text jsonb_exists jsonb_exists_all jsonb_exists_any jsonb_extract_path
    jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz
    jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz
    jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record
    jsonb_populate_record_valid jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls
    jsonb_to_record jsonb_to_recordset jsonb_typeof row_to_json to_json to_jsonb`),
  xml: words(`
    xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmlagg xmlcomment xmlexists xmltext xpath
    xpath_exists`),
  range: words(`
    daterange int4range int8range isempty lower_inc lower_inf multirange numrange range_merge tsrange tstzrange upper_inc
    upper_inf`),
  network: words(`
    abbrev broadcast family host hostmask inet_merge inet_same_family macaddr8_set7bit masklen netmask network
    set_masklen`),
  geometry: words(`
    area bound_box center diagonal diameter height isclosed ishorizontal isopen isparallel isperp isvertical line npoints
    pclose popen radius slope width`),
  'text search': words(`
    array_to_tsvector get_current_ts_config json_to_tsvector jsonb_to_tsvector numnode phraseto_tsquery plainto_tsquery
    querytree setweight strip to_tsquery to_tsvector ts_debug ts_delete ts_filter ts_headline ts_lexize ts_parse ts_rank
    ts_rank_cd ts_token_type tsquery_phrase tsvector_to_array websearch_to_tsquery`),
  aggregate: words(`
    any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every json_agg
    json_agg_strict json_object_agg json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict
    jsonb_agg jsonb_agg_strict jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique
    jsonb_object_agg_unique_strict max min mode percentile_cont percentile_disc range_agg range_intersect_agg regr_avgx
    regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop stddev_samp
    string_agg sum var_pop var_samp variance`),
  window: words(`
    cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number`),
  'cast by type name': words(`
    bit bool box bpchar bytea char cidr circle date datemultirange float4 float8 int2 int4 int4multirange int8
    int8multirange interval lseg macaddr macaddr8 money name numeric nummultirange oid path pg_lsn point polygon regclass
    text time timestamp timestamptz timetz tsmultirange tstzmultirange varbit varchar xid xml`),
  value: words(
    'num_nonnulls num_nulls pg_basetype pg_collation_for pg_column_compression pg_column_size pg_typeof',
  ),
  /** Clients, object mappers and editors describe the schema with these; names and definitions, never rows. */
  schema: words(`
    acldefault aclexplode col_description format_type has_any_column_privilege has_column_privilege
    has_database_privilege has_foreign_data_wrapper_privilege has_function_privilege has_language_privilege
    has_parameter_privilege has_schema_privilege has_sequence_privilege has_server_privilege has_table_privilege
    has_tablespace_privilege has_type_privilege makeaclitem obj_description oidvectortypes pg_collation_is_visible
    pg_column_is_updatable pg_conversion_is_visible pg_describe_object pg_function_is_visible pg_get_acl
    pg_get_catalog_foreign_keys pg_get_constraintdef pg_get_expr pg_get_function_arg_default pg_get_function_arguments
    pg_get_function_identity_arguments pg_get_function_result pg_get_function_sqlbody pg_get_functiondef pg_get_indexdef
    pg_get_keywords pg_get_partition_constraintdef pg_get_partkeydef pg_get_replica_identity_index pg_get_ruledef
    pg_get_serial_sequence pg_get_statisticsobjdef pg_get_statisticsobjdef_columns
    pg_get_statisticsobjdef_expressions pg_get_triggerdef pg_get_userbyid pg_get_viewdef pg_has_role pg_identify_object
    pg_identify_object_as_address pg_index_column_has_property pg_index_has_property pg_indexam_has_property
    pg_opclass_is_visible pg_operator_is_visible pg_opfamily_is_visible pg_options_to_table pg_partition_ancestors
    pg_partition_root pg_partition_tree pg_relation_is_publishable pg_relation_is_updatable pg_sequence_parameters
    pg_statistics_obj_is_visible pg_table_is_visible pg_ts_config_is_visible pg_ts_dict_is_visible
    pg_ts_parser_is_visible pg_ts_template_is_visible pg_type_is_visible row_security_active shobj_description
    to_regclass to_regcollation to_regnamespace to_regoper to_regoperator to_regproc to_regprocedure to_regrole
    to_regtype to_regtypemod`),
  /** One's own connection and the server's fixed properties; nothing that moves with other tenants' work. */
  session: words(`
    current_database current_schema current_schemas current_user getdatabaseencoding getpgusername icu_unicode_version
    pg_available_extension_versions pg_available_extensions pg_backend_pid pg_char_to_encoding pg_client_encoding
    pg_conf_load_time pg_encoding_max_length pg_encoding_to_char pg_is_in_recovery pg_is_other_temp_schema
    pg_is_wal_replay_paused pg_my_temp_schema pg_postmaster_start_time pg_settings_get_flags pg_show_all_settings
    pg_tablespace_location pg_trigger_depth session_user system_user unicode_version version`),
  /** Of one's own session; asyncpg ends each use of a connection with it. */
  locks: words('pg_advisory_unlock_all'),
  /** The compiler checks the setting's name and value itself. */
  settings: words('current_setting set_config'),
  /** The counter of a sequence isn't a tenant's; `setval` and `pg_sequence_last_value` are denied. */
  sequences: words('currval nextval'),
}

/** Volatile, and reviewed: they change nothing but a sequence's counter or an allowed setting. */
export const VOLATILE = new Set(
  words(`
    array_sample array_shuffle clock_timestamp currval gen_random_uuid nextval pg_advisory_unlock_all pg_is_in_recovery pg_is_wal_replay_paused
    pg_partition_ancestors pg_partition_tree random random_normal set_config timeofday timezone uuidv4 uuidv7`),
)

/** Allowed where the compiler makes the key or the channel that they name the tenant's own. */
export const NAMESPACED = new Set(
  words(`
    pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_shared pg_advisory_xact_lock
    pg_advisory_xact_lock_shared pg_notify pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock
    pg_try_advisory_xact_lock_shared`),
)

/** The sentence that the client is shown as detail, by key. */
export const REASONS = {
  runsSql: 'it runs SQL given as text or by name',
  relationByName: 'it reads a relation named by a value instead of the FROM clause',
  files: 'it reads, writes or names files of the server',
  largeObjects: 'large objects belong to no tenant',
  advisoryLocks: 'advisory locks are shared by all tenants',
  channels: 'notification channels are shared by all tenants',
  sequences: 'it reads or moves a counter shared by all tenants',
  sessionState: 'it reads or changes state of the pooled server session',
  otherSessions: 'it sees or acts on other sessions',
  statistics: 'it shows sizes or statistics over all tenants',
  transactions: 'it shows transaction counters of the whole server',
  cluster: 'it shows or changes the state of the server',
  network: 'it shows the network address of the server or the gateway',
  waits: 'it holds a server connection without working',
  inputByName: 'it calls the input function of a type named by a value',
  remote: 'it connects from the server to somewhere else',
  storage: 'it shows or changes what is stored, below every predicate',
  secrets: 'it gives out keys and secrets of the server',
  languages: 'it brings a language, or what a language needs',
  support: 'it is an internal support function; use the operator, cast or aggregate it stands behind',
  unneeded: 'it is internal to the server',
}

/** Denied by name. */
export const DENIED = {
  runsSql: words(`
    query_to_xml query_to_xml_and_xmlschema query_to_xmlschema cursor_to_xml cursor_to_xmlschema ts_stat ts_rewrite
    fmgr_c_validator fmgr_internal_validator fmgr_sql_validator plpgsql_validator postgresql_fdw_validator`),
  relationByName: words(`
    table_to_xml table_to_xml_and_xmlschema table_to_xmlschema schema_to_xml schema_to_xml_and_xmlschema
    schema_to_xmlschema database_to_xml database_to_xml_and_xmlschema database_to_xmlschema currtid2
    pg_get_sequence_data pg_mcv_list_items satisfies_hash_partition`),
  files: words(`
    pg_read_file pg_read_file_old pg_read_binary_file pg_stat_file pg_current_logfile pg_relation_filepath
    pg_relation_filenode pg_filenode_relation pg_config pg_hba_file_rules pg_ident_file_mappings
    pg_show_all_file_settings pg_get_loaded_modules pg_available_wal_summaries pg_wal_summary_contents pg_rotate_logfile
    pg_rotate_logfile_old pg_extension_update_paths`),
  largeObjects: words('loread lowrite has_largeobject_privilege'),
  channels: words('pg_listening_channels pg_notification_queue_usage'),
  sequences: words('setval lastval pg_sequence_last_value'),
  sessionState: words(`
    setseed current_query pg_cursor pg_prepared_statement pg_get_backend_memory_contexts pg_log_backend_memory_contexts`),
  otherSessions: words(`
    pg_blocking_pids pg_cancel_backend pg_terminate_backend pg_export_snapshot pg_get_aios pg_get_multixact_members
    pg_isolation_test_session_is_blocked pg_lock_status pg_prepared_xact pg_safe_snapshot_blocking_pids`),
  statistics: words(`
    pg_database_size pg_indexes_size pg_relation_size pg_table_size pg_tablespace_size pg_total_relation_size
    pg_clear_attribute_stats pg_clear_relation_stats pg_restore_attribute_stats pg_restore_relation_stats
    pg_column_toast_chunk_id`),
  transactions: words(`
    mxid_age pg_current_snapshot pg_current_xact_id pg_current_xact_id_if_assigned pg_last_committed_xact
    pg_visible_in_snapshot pg_xact_commit_timestamp pg_xact_commit_timestamp_origin pg_xact_status`),
  cluster: words(`
    amvalidate brin_desummarize_range brin_summarize_new_values brin_summarize_range gin_clean_pending_list
    pg_backup_start pg_backup_start_time pg_backup_stop pg_start_backup pg_stop_backup pg_is_in_backup
    pg_collation_actual_version pg_database_collation_actual_version pg_create_restore_point
    pg_create_logical_replication_slot pg_create_physical_replication_slot pg_copy_logical_replication_slot
    pg_copy_physical_replication_slot pg_drop_replication_slot pg_sync_replication_slots pg_replication_slot_advance
    pg_show_replication_origin_status pg_extension_config_dump pg_get_publication_tables pg_get_replication_slots
    pg_get_shmem_allocations pg_get_shmem_allocations_numa pg_get_wait_events pg_get_wal_replay_pause_state
    pg_get_wal_resource_managers pg_get_wal_summarizer_state pg_import_system_collations pg_jit_available
    pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_log_standby_snapshot
    pg_logical_emit_message pg_nextoid pg_numa_available pg_promote pg_reload_conf pg_split_walfile_name
    pg_stop_making_pinned_objects pg_switch_wal pg_tablespace_databases pg_wal_lsn_diff pg_wal_replay_pause
    pg_wal_replay_resume pg_walfile_name pg_walfile_name_offset pg_indexam_progress_phasename`),
  network: words('inet_client_addr inet_client_port inet_server_addr inet_server_port'),
  inputByName: words('pg_input_is_valid pg_input_error_info'),
  unneeded: words(`
    nameconcatoid pg_get_object_address xmlvalidate suppress_redundant_updates_trigger tsvector_update_trigger
    tsvector_update_trigger_column unique_key_recheck`),
}

/** Denied by the shape of the name: whole families, members that later versions add among them. */
export const DENIED_PATTERNS = [
  [/^pg_stat_/, 'statistics'],
  [/^pg_ls_/, 'files'],
  [/^lo_/, 'largeObjects'],
  [/^pg_(try_)?advisory_(?!unlock_all$)/, 'advisoryLocks'],
  [/^pg_sleep/, 'waits'],
  [/^(txid|pg_snapshot)_/, 'transactions'],
  [/^pg_control_/, 'cluster'],
  [/^pg_current_wal_/, 'cluster'],
  [/^pg_logical_slot_/, 'cluster'],
  [/^pg_replication_origin_/, 'cluster'],
  [/^pg_event_trigger_/, 'cluster'],
  [/^binary_upgrade_/, 'cluster'],
  [/^RI_FKey_/, 'support'],
]

/** Implementations of operators, casts and aggregates that no catalog entry of some version points to. */
export const DENIED_SUPPORT = new Set(
  words(`
    array_larger like notlike dexp dlog1 dlog10 dround dtrunc enum_send int4inc int8_sum numeric_div_trunc numeric_exp numeric_inc
    numeric_ln numeric_log numeric_sqrt mul_d_interval interval_avg float8_avg`),
)

/**
 * No overload can raise an error that depends on a row's value, beside those of `proleakproof`.
 *
 * Left out on purpose: lower, upper, initcap, btrim and friends (an allocation of four times the text fails above
 * 256 MB, and so shows that such a row exists), length (its (bytea, name) form checks the encoding), bit_length
 * (overflows), md5 and sha* over text of unknown size are constant-size and stay in; everything volatile.
 */
export const TOTAL = new Set(
  words(`
    now transaction_timestamp statement_timestamp current_database current_schema current_user session_user version pi
    pg_backend_pid pg_typeof char_length character_length octet_length md5 sha224 sha256 sha384 sha512 starts_with
    num_nulls num_nonnulls array_length array_ndims array_lower array_upper cardinality jsonb_typeof isempty
    lower_inc lower_inf upper_inc upper_inf sign uuid_extract_version`),
)

/** Drivers' metadata queries call them; each works on its arguments and the catalog alone. */
export const INFORMATION_SCHEMA = words(`
  _pg_char_max_length _pg_char_octet_length _pg_datetime_precision _pg_expandarray _pg_index_position _pg_interval_type
  _pg_numeric_precision _pg_numeric_precision_radix _pg_numeric_scale _pg_truetypid _pg_truetypmod`)
