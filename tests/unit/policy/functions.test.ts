import { describe, expect, test } from 'vitest'
import { BUILTIN_FUNCTIONS } from '../../../src/policy/functions.generated.js'
import { builtinFunction } from '../../../src/policy/functions.js'

const access = (name: string) => builtinFunction(name)?.access

describe('refuses functions that', () => {
  test.each([
    ['run SQL given as text', 'query_to_xml query_to_xml_and_xmlschema cursor_to_xml ts_stat ts_rewrite'],
    ['read relations by name', 'table_to_xml schema_to_xml database_to_xml currtid2 pg_get_sequence_data'],
    ['touch files', 'pg_read_file pg_read_binary_file pg_ls_dir pg_stat_file lo_import lo_export'],
    ['reach large objects', 'lo_get lo_put lo_open lo_create lo_unlink loread lowrite'],
    ['tell of channels', 'pg_listening_channels pg_notification_queue_usage'],
    [
      'see or act on other sessions',
      'pg_terminate_backend pg_cancel_backend pg_lock_status pg_stat_get_activity',
    ],
    ['show volumes over all tenants', 'pg_relation_size pg_total_relation_size pg_database_size'],
    [
      'show statistics over all tenants',
      'pg_stat_get_live_tuples pg_stat_get_tuples_inserted pg_mcv_list_items',
    ],
    ['show what a pooled session keeps', 'pg_prepared_statement pg_cursor lastval current_query'],
    ['change what a pooled session keeps', 'setseed setval'],
    ['show transaction counters', 'txid_current pg_current_xact_id pg_current_snapshot pg_xact_status'],
    ['change the server', 'pg_reload_conf pg_switch_wal pg_promote pg_logical_emit_message pg_nextoid'],
    ['read the write-ahead log', 'pg_logical_slot_get_changes pg_create_logical_replication_slot'],
    ['hold a connection asleep', 'pg_sleep pg_sleep_for pg_sleep_until'],
    ['call an input function by type name', 'pg_input_is_valid pg_input_error_info'],
    ['are input, output or estimation functions', 'textin array_in record_recv eqsel int4send utf8_to_win'],
    ['stand behind an operator, aggregate or index', 'int4eq texteq array_agg_transfn btint4cmp hash_array'],
  ])('%s', (_, names) => {
    for (const name of names.split(' ')) expect(access(name), name).toBe('denied')
  })
})

describe('allows functions that', () => {
  test.each([
    ['compute', 'lower length round date_trunc to_char jsonb_set regexp_replace generate_series'],
    ['aggregate', 'count sum avg array_agg string_agg jsonb_agg row_number percentile_cont'],
    ['stand behind grammar', 'like_escape similar_to_escape timezone extract overlay position xmlexists'],
    ['cast by type name', 'text int4 date regclass'],
    ['describe the schema', 'format_type pg_get_viewdef pg_get_indexdef pg_table_is_visible obj_description'],
    [
      'clients ask at connect',
      'version current_database pg_backend_pid pg_is_in_recovery current_setting pg_advisory_unlock_all',
    ],
    ['make keys', 'nextval currval gen_random_uuid uuidv7'],
  ])('%s', (_, names) => {
    for (const name of names.split(' ')) expect(access(name), name).toBe('allowed')
  })
})

test('allows functions of keys and channels only where these are made the tenant’s own', () => {
  const found = [...BUILTIN_FUNCTIONS].flatMap(([name, { access }]) =>
    access === 'namespaced' ? [name] : [],
  )
  const forms = ['lock', 'lock_shared', 'xact_lock', 'xact_lock_shared']
  const expected = [
    ...forms.flatMap((form) => [`pg_advisory_${form}`, `pg_try_advisory_${form}`]),
    ...['pg_advisory_unlock', 'pg_advisory_unlock_shared', 'pg_notify'],
  ]
  expect(found.sort()).toEqual(expected.sort())
})

test('says why a denied function is denied, and nothing about another', () => {
  for (const [name, { access, reason }] of BUILTIN_FUNCTIONS)
    expect(reason !== null, name).toBe(access === 'denied')
})

test('calls no denied function total, and none whose error or allocation depends on a value', () => {
  for (const [name, { access, total }] of BUILTIN_FUNCTIONS) if (total) expect(access, name).toBe('allowed')
  for (const name of 'lower upper length bit_length to_date parse_ident decode date_trunc abs random nextval'.split(
    ' ',
  ))
    expect(builtinFunction(name)?.total, name).toBe(false)
})

test('knows no function that no version has, nor a property of every object', () => {
  for (const name of ['dblink', 'constructor', '__proto__', 'toString', '', 'LOWER'])
    expect(builtinFunction(name), name).toBeUndefined()
})
