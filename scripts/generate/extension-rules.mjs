/**
 * The reviewed decisions on extensions; `npm run generate` applies them to what their scripts make.
 *
 * They hold whatever the policy says: it can name a reviewed extension, and gets the functions that are allowed here. Of a
 * reviewed extension a function that isn't in the inventory is denied. An extension that stands nowhere here is
 * unreviewed: what the policy gets by naming it is decided in src/policy/extensions.ts.
 */

const words = (text) => text.trim().split(/\s+/)

/**
 * Everything in the inventory that a caller can call is allowed, but for `denied`.
 *
 * bodies: it has functions in SQL or PL/pgSQL, and they were read: they read no relation but the extension's own, and the
 * planner counts an operator at least for what each does with its arguments.
 * total: no overload can raise an error that depends on a row's value. relations: what it brings for everybody to read.
 */
export const REVIEWED = {
  autoinc: {},
  bloom: {},
  btree_gin: {},
  btree_gist: {},
  citext: { bodies: true },
  cube: {},
  dict_int: {},
  dict_xsyn: {},
  earthdistance: { bodies: true },
  fuzzystrmatch: {},
  hstore: {},
  insert_username: {},
  intagg: {},
  intarray: {},
  isn: { denied: { sessionState: words('isn_weak') } },
  ltree: {},
  moddatetime: {},
  pg_trgm: { denied: { sessionState: words('set_limit show_limit') } },
  pgcrypto: {},
  postgis: {
    bodies: true,
    denied: {
      relationByName: words(`
        addgeometrycolumn dropgeometrycolumn dropgeometrytable find_srid populate_geometry_columns
        postgis_constraint_dims postgis_constraint_srid postgis_constraint_type st_findextent
        st_fromflatgeobuftotable updategeometrysrid`),
      runsSql: words('postgis_extensions_upgrade'),
      statistics: words(`
        _postgis_index_extent _postgis_join_selectivity _postgis_selectivity _postgis_stats st_estimatedextent`),
      sessionState: words(`
        addauth checkauth disablelongtransactions enablelongtransactions gettransactionid lockrow longtransactionsenabled
        unlockrows`),
    },
    relations: words('geography_columns geometry_columns spatial_ref_sys'),
  },
  refint: {},
  seg: {},
  tablefunc: {
    denied: { runsSql: words('crosstab crosstab2 crosstab3 crosstab4'), relationByName: words('connectby') },
  },
  tcn: {},
  tsm_system_rows: {},
  tsm_system_time: {},
  unaccent: {},
  'uuid-ossp': {
    total: words('uuid_nil uuid_ns_dns uuid_ns_oid uuid_ns_url uuid_ns_x500'),
  },
  vector: {},
  xml2: {
    bodies: true,
    denied: { relationByName: words('xpath_table'), files: words('xslt_process') },
  },
}

/** Nothing of them is available, named in the policy or not. */
export const NEVER = {
  runsSql: words('age dblink pg_background pg_cron pg_graphql pgrouting pldbgapi plpgsql_check'),
  relationByName: words('address_standardizer pg_partman pg_repack postgis_tiger_geocoder'),
  files: words('adminpack file_fdw'),
  largeObjects: words('lo'),
  remote: words(`
    aws_commons aws_lambda aws_s3 azure_storage http mongo_fdw multicorn mysql_fdw oracle_fdw orafce pg_net postgres_fdw
    redis_fdw sqlite_fdw tds_fdw wrappers`),
  storage: words(`
    amcheck old_snapshot pageinspect pg_buffercache pg_freespacemap pg_logicalinspect pg_prewarm pg_surgery pg_visibility
    pg_walinspect pgrowlocks pgstattuple`),
  otherSessions: words('pg_qualstats pg_stat_kcache pg_stat_monitor pg_stat_statements pg_wait_sampling'),
  cluster: words('hypopg pg_hint_plan pglogical wal2json'),
  network: words('sslinfo'),
  secrets: words('pgsodium supabase_vault'),
  languages: words(`
    bool_plperl bool_plperlu hstore_plperl hstore_plperlu hstore_plpython2u hstore_plpython3u hstore_plpythonu jsonb_plperl
    jsonb_plperlu jsonb_plpython2u jsonb_plpython3u jsonb_plpythonu ltree_plpython2u ltree_plpython3u ltree_plpythonu
    pljava pllua plluau plperl plperlu plpgsql plpython2u plpython3u plpythonu plr plrust plsh pltcl pltclu plv8`),
}

/** Beside functions that work on their arguments they have others that act on whole tables: each has to be named. */
export const ONE_BY_ONE = words('citus pgmq postgis_raster postgis_sfcgal postgis_topology timescaledb')
