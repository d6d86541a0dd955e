import { describe, expect, test } from 'vitest'
import { settingsDifference } from '../../../src/upstream/own-sql.js'

const values = (entries: Record<string, string>) => new Map(Object.entries(entries))
const difference = (from: Record<string, string>, to: Record<string, string>) =>
  settingsDifference(values(from), values(to))?.toString()

describe('the difference of settings', () => {
  test.each([
    [{}, { timezone: 'UTC' }, `SET timezone TO 'UTC'`],
    [{ timezone: 'UTC' }, {}, 'SET timezone TO DEFAULT'],
    [{ a: '1', b: '2' }, { b: '3' }, `SET b TO '3';SET a TO DEFAULT`],
    [{}, { application_name: `o'neill \\ x` }, `SET application_name TO 'o''neill \\ x'`],
    [{ a: '1' }, { a: '1' }, undefined],
    [{}, { search_path: 'x', transaction_isolation: 'serializable' }, undefined],
  ])('from %o to %o is %s', (from, to, sql) => {
    expect(difference(from, to)).toBe(sql)
  })

  test('is said of what is in doubt, whatever it seems to be', () => {
    const inDoubt = new Set(['a', 'b', 'search_path'])
    expect(settingsDifference(values({ a: '1' }), values({ a: '1', c: '2' }), inDoubt)?.toString()).toBe(
      `SET a TO '1';SET c TO '2';SET b TO DEFAULT`,
    )
    const same = values({ a: '1' })
    expect(settingsDifference(same, same, inDoubt)?.toString()).toBe(`SET a TO '1';SET b TO DEFAULT`)
  })

  test('is never made of a name that is no setting, or of a value with a NUL', () => {
    expect(() => difference({}, { 'x; DROP TABLE y': '1' })).toThrow(RangeError)
    expect(() => difference({}, { x: 'a\0b' })).toThrow(RangeError)
  })
})
