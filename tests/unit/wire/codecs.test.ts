import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/errors.js'
import { BodyReader } from '../../../src/wire/body-reader.js'
import { decodeFrame } from '../../../src/wire/codec.js'
import { CODECS } from '../../../src/wire/codecs.js'
import { frameOf } from '../../../src/wire/frame.js'
import { messageTypes } from '../../../src/wire/message-names.js'
import { Bind } from '../../../src/wire/messages/bind.js'

const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => !value.includes('\0'))
const name = text.filter((value) => value !== '')
const bytes = fc.uint8Array({ maxLength: 40 }).map((value) => Buffer.from(value))
const textBytes = text.map((value) => Buffer.from(value))
const secret = fc.uint8Array({ minLength: 4, maxLength: 256 }).map((value) => Buffer.from(value))
const int16 = fc.integer({ min: -0x8000, max: 0x7fff })
const int32 = fc.integer({ min: -0x80000000, max: 0x7fffffff })
const uint32 = fc.nat(0xffffffff)
const values = fc.array(fc.option(bytes), { maxLength: 5 })
const formats = fc.array(int16, { maxLength: 5 })
const target = fc.record({ target: fc.constantFrom('statement', 'portal'), name: text })
const copy = fc.record({ format: fc.nat(255), columnFormats: formats })
const notice = fc
  .array(fc.tuple(fc.constantFrom('S', 'V', 'C', 'M', 'D', 'H', 'P', 'W'), text))
  .map((fields) => ({ fields: new Map(fields) }))
const none = fc.constant({})
const data = fc.record({ data: bytes })
const column = fc.record({
  name: text,
  tableOid: uint32,
  columnNumber: int16,
  typeOid: uint32,
  typeLength: int16,
  typeModifier: int32,
  format: int16,
})

const ARBITRARIES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  Bind: fc.record({
    portal: text,
    statement: text,
    parameterFormats: formats,
    parameters: values,
    resultFormats: formats,
  }),
  Close: target,
  CopyData: data,
  CopyDone: none,
  CopyFail: fc.record({ reason: text }),
  Describe: target,
  Execute: fc.record({ portal: text, maxRows: int32 }),
  Flush: none,
  FunctionCall: fc.record({
    functionOid: uint32,
    argumentFormats: formats,
    arguments: values,
    resultFormat: int16,
  }),
  Parse: fc.record({ statement: text, text: textBytes, parameterTypes: fc.array(uint32) }),
  Query: fc.record({ text: textBytes }),
  PasswordMessage: fc.record({ password: textBytes }),
  SASLInitialResponse: fc.record({ mechanism: text, response: fc.option(bytes) }),
  SASLResponse: data,
  Sync: none,
  Terminate: none,
  AuthenticationCleartextPassword: none,
  AuthenticationOk: none,
  AuthenticationSASL: fc.record({ mechanisms: fc.array(name) }),
  AuthenticationSASLContinue: data,
  AuthenticationSASLFinal: data,
  BackendKeyData: fc.record({ processId: int32, secret }),
  BindComplete: none,
  CloseComplete: none,
  CommandComplete: fc.record({ commandTag: text }),
  CopyInResponse: copy,
  CopyOutResponse: copy,
  CopyBothResponse: copy,
  DataRow: fc.record({ values }),
  EmptyQueryResponse: none,
  ErrorResponse: notice,
  NegotiateProtocolVersion: fc.record({ version: int32, options: fc.array(text) }),
  NoData: none,
  NoticeResponse: notice,
  NotificationResponse: fc.record({ processId: int32, channel: text, payload: text }),
  ParameterDescription: fc.record({ types: fc.array(uint32) }),
  ParameterStatus: fc.record({ parameter: text, value: text }),
  ParseComplete: none,
  PortalSuspended: none,
  ReadyForQuery: fc.record({ status: fc.constantFrom('I', 'T', 'E') }),
  RowDescription: fc.record({ columns: fc.array(column, { maxLength: 5 }) }),
}

const all = [...CODECS.frontend, ...CODECS.backend]

describe.each(all)('$name', (codec) => {
  test('decodes what it encodes', () => {
    const arbitrary = ARBITRARIES[codec.name]
    if (arbitrary === undefined) throw new Error(`${codec.name} needs an arbitrary`)
    fc.assert(
      fc.property(arbitrary, (value) => {
        const frame = codec.encode(value)
        expect(frame.toString('latin1', 0, 1)).toBe(codec.tag)
        expect(frame.readInt32BE(1)).toBe(frame.length - 1)
        expect(decodeFrame(codec, frameOf(frame))).toEqual(value)
        return true
      }),
      { numRuns: 50 },
    )
  })

  test('throws nothing but PROTOCOL_VIOLATION at random, cut off or overlong bytes', () => {
    const arbitrary = ARBITRARIES[codec.name] ?? none
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((value) => Buffer.from(value)),
      fc.tuple(arbitrary, fc.nat(400)).map(([value, length]) => codec.encode(value).subarray(5, length)),
      arbitrary.map((value) => Buffer.concat([codec.encode(value).subarray(5), Buffer.from([0, 1])])),
    )
    fc.assert(
      fc.property(body, (random) => {
        const reader = new BodyReader(codec.name, random)
        try {
          codec.decode(reader)
          reader.end()
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError)
          expect(error).toMatchObject({ code: 'PROTOCOL_VIOLATION', params: { message: codec.name } })
        }
      }),
      { numRuns: 200 },
    )
  })
})

test('a message that its body outlasts is refused', () => {
  const frame = Buffer.from('5300000005ff', 'hex')
  const sync = all.find((codec) => codec.name === 'Sync')
  expect(() => sync && decodeFrame(sync, frameOf(frame))).toThrow('1 bytes are left over')
})

test('every message type of the protocol has a codec, but the one whose request is always refused', () => {
  const missing = (['frontend', 'backend'] as const).flatMap((direction) => {
    const tags = new Set(CODECS[direction].map((codec) => codec.tag))
    return messageTypes(direction).filter((tag) => !tags.has(tag))
  })
  expect(missing).toEqual(['V'])
})

test('counts are unsigned: 40,000 parameters pass', () => {
  const parameters = Array.from({ length: 40_000 }, () => null)
  const bind: Bind = { portal: '', statement: '', parameterFormats: [], parameters, resultFormats: [] }
  expect(decodeFrame(Bind, frameOf(Bind.encode(bind))).parameters).toHaveLength(40_000)
})

test('a name of a client that is not UTF-8 is refused, not repaired', () => {
  const frame = Bind.encode({
    portal: 'xy',
    statement: '',
    parameterFormats: [],
    parameters: [],
    resultFormats: [],
  })
  frame[5] = 0xff
  expect(() => decodeFrame(Bind, frameOf(frame))).toThrow('not valid UTF-8')
})

test('a string that holds a NUL is never written', () => {
  const bind = { portal: 'a\0b', statement: '', parameterFormats: [], parameters: [], resultFormats: [] }
  expect(() => Bind.encode(bind)).toThrow('invariant')
})
