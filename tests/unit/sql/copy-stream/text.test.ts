import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyIn, cut, pass, passed, places } from './chunks.js'

const APPEND = copyIn()
const CHECK = copyIn({ tenant: 'check' })

describe('a tenant that the client leaves out is appended', () => {
  test.each([
    ['to every row', '1\ta\n2\tb\n', '1\ta\tacme\n2\tb\tacme\n'],
    ['to a row without a line end', '1\ta\n2\tb', '1\ta\tacme\n2\tb\tacme'],
    ['in front of CR LF', '1\ta\r\n2\tb\r\n', '1\ta\tacme\r\n2\tb\tacme\r\n'],
    ['in front of CR', '1\ta\r2\tb\r', '1\ta\tacme\r2\tb\tacme\r'],
    ['behind an escaped line end', '1\ta\\\nb\n', '1\ta\\\nb\tacme\n'],
    ['behind an escaped delimiter', '1\ta\\\tb\n', '1\ta\\\tb\tacme\n'],
    ['behind an escaped backslash', '1\ta\\\\\n', '1\ta\\\\\tacme\n'],
    ['behind characters of several bytes', '1\tä€😀\n', '1\tä€😀\tacme\n'],
    ['behind NULLs', '\\N\t\\N\n', '\\N\t\\N\tacme\n'],
    ['in place of a backslash that nothing follows', '1\ta\\', '1\ta\tacme'],
    ['to nothing', '', ''],
  ])('%s', (_title, given, expected) => expect(passed(APPEND, given)).toBe(expected))

  test('to the header as the name of the column', () => {
    expect(passed(copyIn({ header: true, column: 'a\tb' }), 'id\tnote\n1\ta\n')).toBe(
      'id\tnote\ta\\\tb\n1\ta\tacme\n',
    )
  })

  test('behind the delimiter of the statement, escaped where the tenant contains it', () => {
    expect(passed(copyIn({ delimiter: '-' }), '1-a\n', 'a-b')).toBe('1-a-a\\-b\n')
  })
})

describe('the end marker', () => {
  test.each([
    ['on its own line ends the data', '1\ta\n\\.\n2\tb\n', '1\ta\tacme\n\\.\n2'],
    ['behind a row ends it as well', '1\ta\\.\n2\tb\tglobex\n', '1\ta\tacme\\.\n2'],
    ['is none behind a backslash', '1\t\\\\.\n', '1\t\\\\.\tacme\n'],
    ['hides nothing that is long enough to be a row', '\\.\r\n5\tx\tglobex\n', '\\.\r\n'],
  ])('%s', (_title, given, expected) => expect(passed(APPEND, given)).toBe(expected))
})

describe('a row of the wrong form fails the COPY', () => {
  test.each([
    ['with a field too few', '1\n2\tb\n', '1\n'],
    ['with a field too many, the stamp behind them', '1\ta\tglobex\n2\tb\n', '1\ta\tglobex\tacme\n'],
    ['with LF where CR LF was', '1\ta\r\n2\tb\n3\tc\n', '1\ta\tacme\r\n2\tb\tacme\n'],
    ['with CR where LF was', '1\ta\n2\tb\r3\tc\tglobex\n', '1\ta\tacme\n2\tb\tacme\r'],
    ['with CR alone where CR LF was', '1\ta\r\n2\tb\r3\tc\n', '1\ta\tacme\r\n2\tb\tacme\r3'],
  ])('%s', (_title, given, expected) =>
    expect(pass(APPEND, [Buffer.from(given)])).toEqual({ bytes: expected, failure: 'malformed' }),
  )
})

describe('a tenant that the client sends is compared', () => {
  test.each([
    ['plain', '1\tacme\tx\n'],
    ['escaped', '1\t\\141c\\x6de\tx\n2\t\\a\\cme\ty'],
    ['at the end of the stream', '1\tacme\tx\n2\tacme\ty'],
  ])('%s', (_title, given) => expect(passed(CHECK, given)).toBe(given))

  test.each([
    ['another tenant', '1\tglobex\tx\n'],
    ['another tenant in octal', '1\t\\147lobex\tx\n'],
    ['another tenant in hexadecimal', '1\t\\x67lobex\tx\n'],
    ['NULL', '1\t\\N\tx\n'],
    ['nothing', '1\t\tx\n'],
    ['the tenant with a space', '1\tacme \tx\n'],
    ['the tenant and a NUL', '1\tacme\0\tx\n'],
    ['the tenant and invalid UTF-8', Buffer.from('1\tacme\xff\tx\n', 'latin1')],
    ['a very long field', `1\t${'acme'.repeat(1000)}\tx\n`],
    ['another tenant in a later row without a line end', '1\tacme\tx\n2\tglobex\tx'],
    ['another tenant by an escaped delimiter', '1\tacme\\\tglobex\tx\n'],
    ['another tenant behind an escaped line end', '1\tacme\\\n2\tx\n'],
  ])('%s fails the COPY', (_title, given) => expect(passed(CHECK, given)).toBe('mismatch'))

  test('and no byte of the row behind it is forwarded', () => {
    expect(pass(CHECK, [Buffer.from('1\tacme\tx\n2\tglobex\ty\n')]).bytes).not.toContain('\ty')
  })

  test('as the header is not', () => {
    expect(passed(copyIn({ tenant: 'check', header: true }), 'id\ttenant_id\tnote\n1\tacme\tx\n')).toBe(
      'id\ttenant_id\tnote\n1\tacme\tx\n',
    )
  })

  test('as the last field, which the end marker may end', () => {
    const last = copyIn({ tenant: 'check', index: 2 })
    expect(passed(last, '1\tx\tacme\\.\n')).toBe('1\tx\tacme\\.\n')
    expect(passed(last, '1\tx\tglobex\\.\n')).toBe('mismatch')
    expect(passed(last, '1\tx\tacme\\')).toBe('1\tx\tacme')
  })

  test('in the spelling of its type', () => {
    const uuid = copyIn({ tenant: 'check', type: 'pg_catalog.uuid' })
    const tenant = '0b0e7dcd-0000-4000-8000-0123456789ab'
    expect(passed(uuid, `1\t{${tenant.toUpperCase()}}\tx\n`, tenant)).toContain('0B0E')
  })
})

test.each([
  ['NULL', { nullText: 'acme' }],
  ['a default', { defaultText: 'acme' }],
])('a mark for %s that reads like the tenant fails the COPY', (_title, about) => {
  expect(passed(copyIn(about), '1\ta\n')).toBe('mismatch')
  expect(passed(copyIn({ ...about, tenant: 'check' }), '1\t\\141cme\tx\n')).toBe('mismatch')
})

test('an escaped tenant that is the mark for NULL is none', () => {
  expect(passed(copyIn({ tenant: 'check', nullText: '\\141cme' }), '1\t\\141cme\tx\n')).toBe('mismatch')
})

const noise = fc
  .array(fc.constantFrom('\\', '.', '\n', '\r', '\t', '\\.', '\\\n', 'acme', '1\ta\n', 'ä', '\\141', 'x'), {
    maxLength: 25,
  })
  .map((parts) => Buffer.from(parts.join('')))

test.each([
  ['append', APPEND],
  ['append, with a header', copyIn({ header: true })],
  ['check', CHECK],
  ['check the last', copyIn({ tenant: 'check', index: 2 })],
  ['append to one field', copyIn({ fields: 2, index: 1 })],
])('however the stream is cut, the same comes out: %s', (_title, copy) => {
  fc.assert(
    fc.property(noise, places, (bytes, at) => {
      expect(pass(copy, cut(bytes, at))).toEqual(pass(copy, [bytes]))
    }),
    { numRuns: 2_000 },
  )
})

const value = fc.string({ unit: 'binary', maxLength: 8 })

function escaped(text: string): string {
  return text.replaceAll(/[\\\t\n\r]/g, (each) => `\\${each}`)
}

test('rows come out with one field more, however they are written', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, value), { maxLength: 6 }),
      fc.constantFrom('\n', '\r', '\r\n'),
      places,
      (rows, end, at) => {
        const lines = rows.map((row) => row.map(escaped).join('\t'))
        const given = Buffer.from(lines.map((line) => line + end).join(''))
        const expected = Buffer.from(lines.map((line) => `${line}\tacme${end}`).join(''))
        expect(pass(APPEND, cut(given, at))).toEqual({ bytes: expected.toString('latin1'), failure: null })
      },
    ),
  )
})
