import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyIn, cut, pass, passed, places } from './chunks.js'

const APPEND = copyIn({ format: 'csv' })
const CHECK = copyIn({ format: 'csv', tenant: 'check' })
const MARKED = copyIn({ format: 'csv', endMarker: true })

describe('a tenant that the client leaves out is appended', () => {
  test.each([
    ['to every row', '1,a\n2,b\n', '1,a,"acme"\n2,b,"acme"\n'],
    ['to a row without a line end', '1,a', '1,a,"acme"'],
    ['in front of CR LF', '1,a\r\n2,b\r\n', '1,a,"acme"\r\n2,b,"acme"\r\n'],
    ['in front of CR', '1,a\r2,b', '1,a,"acme"\r2,b,"acme"'],
    ['behind quoted line ends and delimiters', '1,"a\nb,\r"\n2,b\n', '1,"a\nb,\r","acme"\n2,b,"acme"\n'],
    ['behind quotes in quotes', '1,"a""\n"""\n', '1,"a""\n""","acme"\n'],
    ['behind quotes within a field', '1,a"\n"b\n', '1,a"\n"b,"acme"\n'],
    ['to nothing', '', ''],
    ['behind a backslash, which is data', '1,\\\n', '1,\\,"acme"\n'],
  ])('%s', (_title, given, expected) => expect(passed(APPEND, given)).toBe(expected))

  test('behind an escape that is no quote', () => {
    const copy = copyIn({ format: 'csv', escape: '\\' })
    expect(passed(copy, '1,"a\\"\n\\\\"\n2,\\\n')).toBe('1,"a\\"\n\\\\","acme"\n2,\\,"acme"\n')
  })

  test('to the header as the name of the column', () => {
    const copy = copyIn({ format: 'csv', header: true, column: 'Tenant "Id"' })
    expect(passed(copy, 'id,note\n1,a\n')).toBe('id,note,"Tenant ""Id"""\n1,a,"acme"\n')
  })

  test('with the delimiter and quotes of the statement', () => {
    const copy = copyIn({ format: 'csv', delimiter: ';', quote: 'a', escape: 'c' })
    expect(passed(copy, '1;2\n')).toBe('1;2;acaccmea\n')
  })
})

describe('a line of the end marker', () => {
  test.each([
    ['ends the data before version 18', '1,a\n\\.\n5,x,globex\n', '1,a,"acme"\n'],
    ['ends the data with the line ends of the stream', '1,a\r\n\\.\r\n5,x,globex\r\n', '1,a,"acme"\r\n'],
    ['in front of which there is nothing ends them too', '\\.\r5,x,globex', ''],
    ['is none with more on the line', '\\.,a\n\\.b,a\n', '\\.,a,"acme"\n\\.b,a,"acme"\n'],
    ['is none within quotes', '1,"\n\\.\n"\n', '1,"\n\\.\n","acme"\n'],
  ])('%s', (_title, given, expected) => expect(passed(MARKED, given)).toBe(expected))

  test('is a row from version 18 on', () => {
    expect(passed(copyIn({ format: 'csv', fields: 2, index: 1 }), '\\.\n1\n')).toBe('\\.,"acme"\n1,"acme"\n')
    expect(pass(APPEND, [Buffer.from('\\.\n5,x,globex\n')])).toEqual({ bytes: '\\.\n', failure: 'malformed' })
  })

  test('is a row where the stream ends with it', () => {
    expect(passed({ ...MARKED, fields: 2, index: 1 }, '\\.')).toBe('\\.,"acme"')
  })
})

describe('a row of the wrong form fails the COPY', () => {
  test.each([
    ['with a field too few', '1\n2,b\n', '1\n'],
    ['with a field too many, the stamp behind them', '1,a,globex\n2,b\n', '1,a,globex,"acme"\n'],
    ['with quotes that stay open', '1,"a\n2,b,globex\n', '1,"a\n2,b,globex\n'],
    ['with LF where CR LF was', '1,a\r\n2,b\n', '1,a,"acme"\r\n2,b,"acme"\n'],
  ])('%s', (_title, given, expected) =>
    expect(pass(APPEND, [Buffer.from(given)])).toEqual({ bytes: expected, failure: 'malformed' }),
  )
})

describe('a tenant that the client sends is compared', () => {
  test.each([
    ['plain', '1,acme,x\n'],
    ['quoted', '1,"acme",x\n'],
    ['half quoted', '1,ac"me",x\n'],
  ])('%s', (_title, given) => expect(passed(CHECK, given)).toBe(given))

  test.each([
    ['another tenant', '1,globex,x\n'],
    ['another tenant in quotes', '1,"globex",x\n'],
    ['NULL', '1,,x\n'],
    ['an empty text', '1,"",x\n'],
    ['a quote behind the tenant', '1,"acme""",x\n'],
    ['another tenant, the own one behind an embedded delimiter', '1,"glo,acme",x\n'],
    ['another tenant, the own one behind an embedded line end', '1,"glo\n2,acme",x\n'],
  ])('%s fails the COPY', (_title, given) => expect(passed(CHECK, given)).toBe('mismatch'))

  test('with an escape of its own', () => {
    const copy = copyIn({ format: 'csv', tenant: 'check', escape: '\\' })
    expect(passed(copy, '1,"acme",x\n')).toBe('1,"acme",x\n')
    expect(passed(copy, '1,"ac\\"me",x\n')).toBe('mismatch')
  })

  test('whose line begins like the end marker', () => {
    const copy = copyIn({ format: 'csv', tenant: 'check', index: 0, endMarker: true })
    expect(passed(copy, '\\acme,1,x\n')).toBe('mismatch')
    expect(pass(copy, [Buffer.from('\\'), Buffer.from('.acme,1,x\n')], '\\.acme').failure).toBe(null)
  })
})

test('a mark for NULL that reads like the tenant fails the COPY', () => {
  expect(passed(copyIn({ format: 'csv', nullText: 'acme' }), '1,a\n')).toBe('mismatch')
  expect(passed(copyIn({ format: 'csv', tenant: 'check', nullText: 'acme' }), '1,"acme",x\n')).toBe(
    'mismatch',
  )
})

const noise = fc
  .array(fc.constantFrom('"', '""', ',', '\n', '\r', '\r\n', '\\', '.', '\\.\n', 'acme', '1,a\n', 'ä'), {
    maxLength: 25,
  })
  .map((parts) => Buffer.from(parts.join('')))

test.each([
  ['append', APPEND],
  ['append before version 18', MARKED],
  ['append with a header', copyIn({ format: 'csv', header: true, endMarker: true })],
  ['check', CHECK],
  [
    'check the first before version 18',
    copyIn({ format: 'csv', tenant: 'check', index: 0, endMarker: true }),
  ],
  ['an escape of its own', copyIn({ format: 'csv', escape: '\\', endMarker: true })],
])('however the stream is cut, the same comes out: %s', (_title, copy) => {
  fc.assert(
    fc.property(noise, places, (bytes, at) => {
      expect(pass(copy, cut(bytes, at))).toEqual(pass(copy, [bytes]))
    }),
    { numRuns: 2_000 },
  )
})

const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\\', '.', 'ä'), maxLength: 8 })

test('rows come out with one field more, however they are written', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(field, field), { maxLength: 6 }),
      fc.constantFrom('\n', '\r', '\r\n'),
      places,
      (rows, end, at) => {
        const lines = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(','))
        const given = Buffer.from(lines.map((line) => line + end).join(''))
        const expected = Buffer.from(lines.map((line) => `${line},"acme"${end}`).join(''))
        expect(pass(MARKED, cut(given, at))).toEqual({ bytes: expected.toString('latin1'), failure: null })
      },
    ),
  )
})
