import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyIn, cut, pass, places } from './chunks.js'

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const TRAILER = Buffer.from([0xff, 0xff])
const APPEND = copyIn({ format: 'binary' })
const CHECK = copyIn({ format: 'binary', tenant: 'check' })

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function row(...fields: readonly (Buffer | string | null)[]): Buffer {
  const written = fields.map((field) => {
    if (field === null) return int32(-1)
    const bytes = Buffer.from(field as string)
    return Buffer.concat([int32(bytes.length), bytes])
  })
  return Buffer.concat([Buffer.from([0, fields.length]), ...written])
}

function stream(...rows: readonly Buffer[]): Buffer {
  return Buffer.concat([HEADER, ...rows, TRAILER])
}

const latin = (bytes: Buffer) => bytes.toString('latin1')

test('a tenant that the client leaves out is appended to every row', () => {
  const given = stream(row('1', null), row('', 'ä'))
  const expected = stream(row('1', null, 'acme'), row('', 'ä', 'acme'))
  expect(pass(APPEND, [given])).toEqual({ bytes: latin(expected), failure: null })
})

test('an extension of the header passes, and so does a stream without trailer', () => {
  const header = Buffer.concat([HEADER.subarray(0, 15), int32(3), Buffer.from('abc')])
  expect(pass(APPEND, [header, row('1', 'a')])).toEqual({
    bytes: latin(Buffer.concat([header, row('1', 'a', 'acme')])),
    failure: null,
  })
})

test.each([
  ['pg_catalog.int2', '7', Buffer.from([0, 7])],
  ['pg_catalog.int4', '7', int32(7)],
  ['pg_catalog.int8', '7', Buffer.from([0, 0, 0, 0, 0, 0, 0, 7])],
  [
    'pg_catalog.uuid',
    '00112233-4455-6677-8899-aabbccddeeff',
    Buffer.from('00112233445566778899aabbccddeeff', 'hex'),
  ],
])('a tenant of type %s is written in its own form', (type, tenant, bytes) => {
  expect(pass(copyIn({ format: 'binary', type }), [stream(row('1', 'a'))], tenant).bytes).toBe(
    latin(stream(row('1', 'a', bytes))),
  )
  const check = copyIn({ format: 'binary', type, tenant: 'check' })
  expect(pass(check, [stream(row('1', bytes, 'x'))], tenant).failure).toBe(null)
  const other = Buffer.from(bytes)
  other[1] = 9
  expect(pass(check, [stream(row('1', other, 'x'))], tenant).failure).toBe('mismatch')
})

test('a tenant that is no value of the type fails the COPY', () => {
  expect(pass(copyIn({ format: 'binary', type: 'pg_catalog.int2' }), [HEADER], '70000').failure).toBe(
    'mismatch',
  )
})

describe('a tenant that the client sends is compared', () => {
  test('the own one passes', () => {
    const given = stream(row('1', 'acme', null))
    expect(pass(CHECK, [given])).toEqual({ bytes: latin(given), failure: null })
  })

  test.each([
    ['another tenant', row('1', 'glob', 'x')],
    ['a longer one', row('1', 'globex', 'x')],
    ['NULL', row('1', null, 'x')],
    ['nothing', row('1', '', 'x')],
    ['a NUL behind it', row('1', 'acme\0', 'x')],
  ])('%s fails the COPY', (_title, bad) => {
    expect(pass(CHECK, [stream(row('1', 'acme', 'x'), bad, row('1', 'acme', 'x'))]).failure).toBe('mismatch')
  })
})

test.each([
  ['a row with a field too many', stream(row('1', 'a', 'globex'))],
  ['a row with a field too few', stream(row('1'))],
  ['a row of no field', stream(row())],
  ['a count below zero', stream(Buffer.from([0xff, 0xfe]))],
  ['a length below NULL', stream(Buffer.concat([Buffer.from([0, 2]), int32(-2)]))],
  ['another signature', Buffer.concat([Buffer.from('PGCOPX'), HEADER.subarray(6), row('1', 'a')])],
  ['a critical flag', Buffer.concat([HEADER.subarray(0, 11), int32(0x10000), int32(0), row('1', 'a')])],
  ['data behind the trailer', Buffer.concat([stream(row('1', 'a')), row('1', 'a', 'globex')])],
  ['a row that stops', stream(row('1', 'a').subarray(0, 9)).subarray(0, -2)],
  ['a header that stops', HEADER.subarray(0, 12)],
])('%s fails the COPY', (_title, given) => expect(pass(APPEND, [given]).failure).toBe('malformed'))

test('more fields than can be counted never become a trailer', () => {
  const given = Buffer.concat([HEADER, Buffer.from([0x7f, 0xff])])
  expect(pass(APPEND, [given])).toEqual({
    bytes: latin(Buffer.concat([HEADER, Buffer.from([0xff, 0xfe])])),
    failure: 'malformed',
  })
})

const field = fc.option(
  fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes)),
  { nil: null },
)

test('however the stream is cut, the same comes out', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(field, field), { maxLength: 6 }), places, (rows, at) => {
      const given = stream(...rows.map((each) => row(...each)))
      const expected = stream(...rows.map((each) => row(...each, 'acme')))
      expect(pass(APPEND, cut(given, at))).toEqual({ bytes: latin(expected), failure: null })
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), places, (bytes, at) => {
      const given = Buffer.concat([HEADER, bytes])
      expect(pass(CHECK, cut(given, at))).toEqual(pass(CHECK, [given]))
    }),
  )
})
