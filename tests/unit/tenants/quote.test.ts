import { expect, test } from 'vitest'
import { channelsOf } from '../../../src/tenants/channels.js'
import { quoteIdentifier, quoteLiteral } from '../../../src/tenants/quote.js'

test.each([
  ['plain', '"plain"'],
  ['Odd "one"', '"Odd ""one"""'],
])('quotes the identifier %s', (name, quoted) => {
  expect(quoteIdentifier(name)).toBe(quoted)
})

test.each([
  ['plain', "'plain'"],
  ["it's", "'it''s'"],
  ["\\' OR 1", " E'\\\\'' OR 1'"],
])('quotes the constant %s whatever standard_conforming_strings is', (text, quoted) => {
  expect(quoteLiteral(text)).toBe(quoted)
})

test('refuses what no quoting can hold', () => {
  expect(() => quoteIdentifier('')).toThrow(RangeError)
  expect(() => quoteIdentifier('a\0b')).toThrow(RangeError)
  expect(() => quoteLiteral('a\0b')).toThrow(RangeError)
})

test('a channel name fits an identifier however long the schema is', () => {
  for (const name of ['tenantgate', 'x'.repeat(63), 'ä'.repeat(31)]) {
    const { catalog, schema } = channelsOf(name)
    expect(Buffer.byteLength(catalog)).toBeLessThanOrEqual(63)
    expect(catalog).not.toBe(schema)
    expect(catalog).not.toContain('\uFFFD')
  }
})
