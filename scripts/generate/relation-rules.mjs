/**
 * The reviewed decisions on the relations of pg_catalog and information_schema; `npm run generate` applies them.
 *
 * metadata  describes the schema or the server's fixed properties: as is
 * empty     other sessions, counters or statistics over all tenants, credentials' neighbours: a guard that is never
 *           true, so that clients which look there go on working
 * denied    secrets, and what an ordinary role can't read anyway
 *
 * A name that no rule decides, or one under METADATA or EMPTY that an ordinary role can't read on some version, stops
 * the generator.
 */

const words = (text) => text.trim().split(/\s+/)

export const METADATA = {
  pg_catalog: words(`
    pg_aggregate pg_am pg_amop pg_amproc pg_attrdef pg_attribute pg_cast pg_class pg_collation pg_constraint
    pg_conversion pg_default_acl pg_depend pg_description pg_enum pg_event_trigger pg_extension pg_index pg_indexes
    pg_inherits pg_init_privs pg_language pg_matviews pg_namespace pg_opclass pg_operator pg_opfamily
    pg_partitioned_table pg_policies pg_policy pg_proc pg_publication pg_publication_namespace pg_publication_rel
    pg_publication_tables pg_range pg_rewrite pg_rules pg_seclabel pg_seclabels pg_sequence pg_statistic_ext pg_tables
    pg_timezone_abbrevs pg_timezone_names pg_transform pg_trigger pg_ts_config pg_ts_config_map pg_ts_dict pg_ts_parser
    pg_ts_template pg_type pg_views`),
  /**
   * Of the whole cluster, but nothing of a tenant: tenants are no roles and no databases here, and psql, pg_dump and
   * every editor name owners, databases and tablespaces by these.
   */
  cluster: words(`
    pg_auth_members pg_available_extension_versions pg_available_extensions pg_database pg_group pg_parameter_acl
    pg_roles pg_settings pg_shdepend pg_shdescription pg_shseclabel pg_tablespace pg_user pg_wait_events`),
  information_schema: words(`
    administrable_role_authorizations applicable_roles attributes character_sets check_constraint_routine_usage
    check_constraints collation_character_set_applicability collations column_column_usage column_domain_usage
    column_privileges column_udt_usage columns constraint_column_usage constraint_table_usage data_type_privileges
    domain_constraints domain_udt_usage domains element_types enabled_roles foreign_data_wrappers foreign_servers
    foreign_tables information_schema_catalog_name key_column_usage parameters referential_constraints
    role_column_grants role_routine_grants role_table_grants role_udt_grants role_usage_grants routine_column_usage
    routine_privileges routine_routine_usage routine_sequence_usage routine_table_usage routines schemata sequences
    sql_features sql_implementation_info sql_sizing table_constraints table_privileges tables
    triggered_update_columns triggers udt_privileges usage_privileges user_defined_types view_column_usage
    view_routine_usage view_table_usage views`),
}

export const EMPTY = {
  /** State of this or another session; on a pooled server connection it may be another tenant's. */
  sessions: words('pg_cursors pg_prepared_statements pg_locks pg_prepared_xacts'),
  /** Values or volumes over all tenants; `pg_sequences.last_value` is a counter of all of them. */
  statistics: words('pg_stats pg_stats_ext pg_stats_ext_exprs pg_sequences pg_largeobject_metadata'),
  replication: words('pg_replication_slots pg_subscription pg_subscription_rel'),
  /** Options may hold host names and tokens; psql and pg_dump look here at every run. */
  options: words(
    'pg_db_role_setting pg_foreign_data_wrapper pg_foreign_server pg_foreign_table pg_user_mappings',
  ),
  information_schema: words(`
    column_options foreign_data_wrapper_options foreign_server_options foreign_table_options user_mapping_options
    user_mappings`),
}

/** Counters and activity: whole families, members that later versions add among them. */
export const EMPTY_PATTERNS = [/^pg_stat_/, /^pg_statio_/]

export const DENIED = {
  secrets: words('pg_authid pg_shadow pg_user_mapping'),
  /** Rows of tenants outside of any relation with a tenant column. */
  values: words('pg_statistic pg_statistic_ext_data pg_largeobject'),
  server: words(`
    pg_aios pg_backend_memory_contexts pg_config pg_file_settings pg_hba_file_rules pg_ident_file_mappings
    pg_replication_origin pg_replication_origin_status pg_shmem_allocations pg_shmem_allocations_numa`),
  information_schema: words(`
    _pg_foreign_data_wrappers _pg_foreign_servers _pg_foreign_table_columns _pg_foreign_tables _pg_user_mappings
    sql_parts transforms`),
}
