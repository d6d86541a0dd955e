import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../../src/sql/parser.js'
import { isProven } from './proof.js'

beforeAll(loadParser)

const channelOf = (tenant: string, name: string) =>
  `tg_${createHash('sha256').update(`${tenant}/${name}`).digest('hex').slice(0, 40)}`
const OWN = channelOf('acme', 'news')
const OTHER = channelOf('globex', 'news')

const digest = (prefix: string, bytes: string) =>
  `pg_catalog.encode(pg_catalog.sha256(pg_catalog.byteacat('${prefix}', ${bytes})), 'hex')`
const key = (prefix: string, bytes: string) => `pg_catalog.hashtextextended(${digest(prefix, bytes)}, 0)`
const one = (value: string) => key('acme/1/', `pg_catalog.int8send(${value})`)
const two = (first: string, second: string) =>
  key('acme/2/', `pg_catalog.byteacat(pg_catalog.int4send(${first}), pg_catalog.int4send(${second}))`)
const bytesOf = (value: string) =>
  `pg_catalog.decode(pg_catalog.substring(pg_catalog.encode(pg_catalog.convert_to(${value}, 'UTF8'), 'hex'), '^(?:..){1,63}$'), 'hex')`
const channel = (value: string) =>
  `pg_catalog.textcat('tg_', pg_catalog.left(${digest('acme/', bytesOf(value))}, 40))`

describe('verify lets through', () => {
  test.each([
    ['LISTEN news', `LISTEN ${OWN}`],
    ["NOTIFY news, 'x'", `NOTIFY ${OWN}, 'x'`],
    ['UNLISTEN news', `UNLISTEN ${OWN}`],
    ['UNLISTEN *', 'UNLISTEN *'],
    ['SELECT pg_advisory_lock(1)', `SELECT pg_advisory_lock(${one('1')})`],
    ['SELECT pg_try_advisory_xact_lock(1, 2)', `SELECT pg_try_advisory_xact_lock(${two('1', '2')})`],
    ["SELECT pg_catalog.pg_notify('a', $1)", `SELECT pg_catalog.pg_notify(${channel("'a'")}, $1)`],
    ['SELECT pg_advisory_unlock_all()', 'SELECT pg_advisory_unlock_all()'],
    ["SELECT archive.pg_notify('a', 'b')", "SELECT archive.pg_notify('a', 'b')"],
  ])('%s', (original, scoped) => {
    expect(isProven(original, scoped)).toBe(true)
  })
})

describe('verify refuses', () => {
  test.each([
    ['a channel as it was written', 'LISTEN news', 'LISTEN news'],
    ["another tenant's channel", 'LISTEN news', `LISTEN ${OTHER}`],
    ["another tenant's channel as it was written", `NOTIFY ${OTHER}`, `NOTIFY ${OTHER}`],
    ["the tenant's channel as it was written", `NOTIFY ${OWN}`, `NOTIFY ${OWN}`],
    ['another channel of the tenant', 'LISTEN news', `LISTEN ${channelOf('acme', 'olds')}`],
    ['another payload', "NOTIFY news, 'x'", `NOTIFY ${OWN}, 'y'`],
    ['all channels for one', 'UNLISTEN news', 'UNLISTEN *'],
    ['one channel for all', 'UNLISTEN *', `UNLISTEN ${OWN}`],
    ['another statement', 'LISTEN news', `UNLISTEN ${OWN}`],
  ])('%s', (_title, original, scoped) => {
    expect(isProven(original, scoped)).toBe(false)
  })

  const LOCK = 'SELECT pg_advisory_lock(1)'
  test.each([
    ['a key as it was written', '1'],
    ["another tenant's", one('1').replace('acme', 'globex')],
    ['no tenant’s', one('1').replace('acme/1/', '')],
    ['a tenant that isn’t set off from the key', one('1').replace('acme/1/', 'acme')],
    ['the prefix of two keys', one('1').replace('/1/', '/2/')],
    ['a key of another seed', one('1').replace(', 0)', ', 1)')],
    ['another key', one('2')],
    ['a key of another function', one('1').replace('sha256', 'sha224')],
    ['a function of somebody else', one('1').replace('pg_catalog.int8send', 'public.int8send')],
    ['a function that the path finds', one('1').replace('pg_catalog.int8send', 'int8send')],
    ['a prefix that is computed', one('1').replace("'acme/1/'", "'acme/1/'::bytea")],
    ['a condition on the hash', one('1').replace("'hex')", "'hex') FILTER (WHERE true)")],
    ['something beside the key', `${one('1')} + 0`],
    ['a second key', `${one('1')}, 2`],
    ['nothing', ''],
  ])('in the place of a key: %s', (_title, written) => {
    expect(isProven(LOCK, `SELECT pg_advisory_lock(${written})`)).toBe(false)
  })

  test.each([
    ['keys that are turned round', two('2', '1')],
    ['one key for both', two('1', '1')],
    ['one key', one('1')],
    ['keys as they were written', '1, 2'],
    ['one of them as it was written', `${one('1')}, 2`],
    ['keys hashed one by one', `${one('1')}, ${one('2')}`],
    ["another tenant's", two('1', '2').replace('acme', 'globex')],
  ])('in the place of two keys: %s', (_title, written) => {
    expect(isProven('SELECT pg_advisory_lock(1, 2)', `SELECT pg_advisory_lock(${written})`)).toBe(false)
  })

  test.each([
    ['a channel as it was written', "'a'"],
    ["another tenant's", channel("'a'").replace('acme', 'globex')],
    ['another prefix', channel("'a'").replace('tg_', 'tenantgate')],
    ['less of the hash', channel("'a'").replace('40', '4')],
    ['another encoding', channel("'a'").replace('UTF8', 'LATIN1')],
    ['other limits', channel("'a'").replace('{1,63}', '{0,63}')],
    ['another channel', channel("'b'")],
    ['a constant', `'${channelOf('globex', 'a')}'`],
  ])('in the place of a channel: %s', (_title, written) => {
    expect(isProven("SELECT pg_notify('a', 'b')", `SELECT pg_notify(${written}, 'b')`)).toBe(false)
  })

  test.each([
    ['a call that nothing was done to', "SELECT pg_notify('a', 'b')"],
    ['one with its schema', "SELECT pg_catalog.pg_notify('a', 'b')"],
    ['one with its database', "SELECT db.pg_catalog.pg_notify('a', 'b')"],
    ['one in a filter', "SELECT 1 WHERE pg_notify('a', 'b') IS NULL"],
    ['one in FROM', 'SELECT * FROM pg_advisory_lock(1)'],
    ['one inside a call that is made the tenant’s', `SELECT pg_advisory_lock(pg_advisory_lock(1))`],
    ['attribute notation', 'SELECT (5::int8).pg_advisory_lock'],
    ['a call under each name', 'SELECT pg_try_advisory_xact_lock_shared(1)'],
    ['an unlocking', 'SELECT pg_advisory_unlock_shared(1)'],
  ])('%s', (_title, text) => {
    expect(isProven(text, text)).toBe(false)
  })
})
