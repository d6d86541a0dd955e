import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/errors.js'
import { frameOf } from '../../../src/wire/frame.js'
import {
  decodeStartupPacket,
  encodeStartupPacket,
  type StartupPacket,
} from '../../../src/wire/startup-packet.js'

const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((value) => !value.includes('\0'))
const packet: fc.Arbitrary<StartupPacket> = fc.oneof(
  fc.constant({ kind: 'ssl-request' } as const),
  fc.constant({ kind: 'gssenc-request' } as const),
  fc.record({
    kind: fc.constant('cancel-request' as const),
    processId: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
    secret: fc.uint8Array({ minLength: 4, maxLength: 256 }).map((bytes) => Buffer.from(bytes)),
  }),
  fc.record({
    kind: fc.constant('startup-message' as const),
    minorVersion: fc.nat(0xffff),
    parameters: fc
      .array(
        fc.tuple(
          text.filter((name) => name !== ''),
          text,
        ),
      )
      .map((parameters) => new Map(parameters)),
  }),
)

function withLength(body: string): Buffer {
  const bytes = Buffer.from(`00000000${body}`, 'hex')
  bytes.writeInt32BE(bytes.length)
  return bytes
}

test('decodes what it encodes', () => {
  fc.assert(
    fc.property(packet, (value) => {
      expect(decodeStartupPacket(frameOf(encodeStartupPacket(value)))).toEqual(value)
    }),
    { numRuns: 200 },
  )
})

test('the request codes are the protocol’s', () => {
  expect(encodeStartupPacket({ kind: 'ssl-request' }).toString('hex')).toBe('0000000804d2162f')
  expect(encodeStartupPacket({ kind: 'gssenc-request' }).toString('hex')).toBe('0000000804d21630')
})

describe('refuses', () => {
  test.each([
    ['a packet without a version', '', 'PROTOCOL_VIOLATION'],
    ['parameters without their end', '000300007573657200610062', 'PROTOCOL_VIOLATION'],
    ['bytes behind the end of the parameters', '000300000061', 'PROTOCOL_VIOLATION'],
    ['a parameter without its value', '00030000757365720000', 'PROTOCOL_VIOLATION'],
    ['a cancel key of 3 bytes', '04d2162e00000001010203', 'PROTOCOL_VIOLATION'],
    ['a cancel key of 257 bytes', `04d2162e00000001${'ab'.repeat(257)}`, 'PROTOCOL_VIOLATION'],
    ['an SSLRequest with a body', '04d2162f00', 'PROTOCOL_VIOLATION'],
    ['a name that is not UTF-8', '00030000ff00610000', 'PROTOCOL_VIOLATION'],
    ['protocol 2', '00020000', 'UNSUPPORTED_PROTOCOL'],
    ['protocol 4', '00040000', 'UNSUPPORTED_PROTOCOL'],
  ])('%s', (_, body, code) => {
    expect(() => decodeStartupPacket(frameOf(withLength(body)))).toThrow(expect.objectContaining({ code }))
  })

  test('random bytes with a protocol error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const body = Buffer.concat([Buffer.from('00030000', 'hex'), bytes]).toString('hex')
        try {
          decodeStartupPacket(frameOf(withLength(body)))
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError)
          expect(error).toMatchObject({ code: 'PROTOCOL_VIOLATION' })
        }
      }),
      { numRuns: 200 },
    )
  })
})
