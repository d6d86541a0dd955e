import { describe, expect, test } from 'vitest'
import { settingRefusal, settingRule } from '../../../src/policy/settings.js'

describe('settings that clients set', () => {
  test.each([
    ['application_name', 'psql'],
    ['DateStyle', 'ISO, MDY'],
    ['TimeZone', 'UTC'],
    ['IntervalStyle', 'iso_8601'],
    ['extra_float_digits', '3'],
    ['bytea_output', 'hex'],
    ['statement_timeout', '0'],
    ['lock_timeout', '5s'],
    ['idle_in_transaction_session_timeout', '0'],
    ['search_path', 'app, public'],
    ['jit', 'off'],
    ['default_transaction_read_only', 'on'],
    ['transaction_isolation', 'serializable'],
    ['synchronize_seqscans', 'off'],
    ['client_encoding', 'UTF8'],
    ['client_encoding', "'utf-8'"],
    ['client_encoding', 'Unicode'],
    ['client_encoding', 'SQL_ASCII'],
    ['client_min_messages', 'WARNING'],
    ['standard_conforming_strings', 'on'],
    ['standard_conforming_strings', 'TRUE'],
    ['row_security', '1'],
    ['row_security', 'off'],
  ])('%s may be %s', (name, value) => {
    expect(settingRule(name)).toEqual({ set: true, show: true, reason: null })
    expect(settingRefusal(name, value)).toBeNull()
    expect(settingRefusal(name, null)).toBeNull()
  })
})

describe('values that would undo what the gateway builds on', () => {
  test.each([
    ['client_encoding', 'LATIN1'],
    ['client_encoding', 'SJIS'],
    ['client_encoding', ''],
    ['standard_conforming_strings', 'off'],
    ['Standard_Conforming_Strings', 'o'],
    ['standard_conforming_strings', ''],
    ['client_min_messages', 'log'],
    ['client_min_messages', 'debug5'],
  ])('%s may not be %j', (name, value) => {
    expect(settingRefusal(name, value)).toEqual(expect.any(String))
  })
})

test.each([
  'server_version',
  'server_encoding',
  'integer_datetimes',
  'max_identifier_length',
  'lc_collate',
  'is_superuser',
])('%s can be read, not set', (name) => {
  expect(settingRule(name)).toEqual({ set: false, show: true, reason: null })
  expect(settingRefusal(name, 'x')).toEqual(expect.any(String))
  expect(settingRefusal(name, null)).toEqual(expect.any(String))
})

test.each([
  'role',
  'session_authorization',
  'session_replication_role',
  'cpu_operator_cost',
  'seq_page_cost',
  'enable_seqscan',
  'plan_cache_mode',
  'work_mem',
  'temp_buffers',
  'max_parallel_workers_per_gather',
  'local_preload_libraries',
  'transform_null_equals',
  'exit_on_error',
  'idle_session_timeout',
  'seed',
  'log_statement',
  'data_directory',
])('%s is refused, with a reason', (name) => {
  expect(settingRule(name)).toEqual({ set: false, show: false, reason: expect.any(String) })
  expect(settingRefusal(name, 'on')).toBe(settingRule(name)?.reason)
})

test.each(['app.tenant_id', 'plpgsql.extra_errors', 'constructor', ''])(
  '%s has no rule, and so is refused',
  (name) => {
    expect(settingRule(name)).toBeUndefined()
    expect(settingRefusal(name, 'on')).toEqual(expect.any(String))
  },
)
