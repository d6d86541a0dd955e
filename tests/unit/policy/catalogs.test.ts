import { expect, test } from 'vitest'
import { systemRelation } from '../../../src/policy/catalogs.js'

const catalog = (name: string) => systemRelation('pg_catalog', name)

test.each([
  'pg_class',
  'pg_attribute',
  'pg_type',
  'pg_roles',
  'pg_database',
  'pg_tablespace',
  'pg_settings',
  'pg_index',
])('shows %s, which psql and every driver describe the schema with', (name) => {
  expect(catalog(name)).toBe('metadata')
})

test.each([
  'pg_stat_activity',
  'pg_stat_user_tables',
  'pg_statio_all_tables',
  'pg_locks',
  'pg_stats',
  'pg_sequences',
  'pg_prepared_statements',
  'pg_cursors',
  'pg_prepared_xacts',
  'pg_replication_slots',
  'pg_foreign_server',
  'pg_db_role_setting',
])('empties %s', (name) => {
  expect(catalog(name)).toBe('empty')
})

test.each([
  'pg_authid',
  'pg_shadow',
  'pg_user_mapping',
  'pg_statistic',
  'pg_statistic_ext_data',
  'pg_largeobject',
  'pg_hba_file_rules',
  'pg_file_settings',
])('denies %s', (name) => {
  expect(catalog(name)).toBe('denied')
})

test('tells the two system schemas apart', () => {
  expect(systemRelation('information_schema', 'columns')).toBe('metadata')
  expect(systemRelation('information_schema', 'user_mapping_options')).toBe('empty')
  expect(systemRelation('information_schema', 'pg_class')).toBeUndefined()
  expect(catalog('columns')).toBeUndefined()
})

test('knows nothing of other schemas and names', () => {
  expect(systemRelation('public', 'pg_class')).toBeUndefined()
  expect(catalog('pg_class_aoseg')).toBeUndefined()
  expect(systemRelation('', 'pg_catalog.pg_class')).toBeUndefined()
  expect(systemRelation('pg_catalog.pg_class', '')).toBeUndefined()
})
