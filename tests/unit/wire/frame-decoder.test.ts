import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/errors.js'
import { FrameDecoder } from '../../../src/wire/frame-decoder.js'
import {
  AUTHENTICATION_FRAMES,
  backendFrames,
  type FrameTable,
  frontendFrames,
  STARTUP_FRAMES,
} from '../../../src/wire/frame-table.js'
import { CopyData } from '../../../src/wire/messages/copy-data.js'
import { DataRow } from '../../../src/wire/messages/data-row.js'
import { Query } from '../../../src/wire/messages/query.js'
import { ReadyForQuery } from '../../../src/wire/messages/ready-for-query.js'
import { Sync } from '../../../src/wire/messages/sync.js'
import { encodeStartupPacket } from '../../../src/wire/startup-packet.js'

const FRONTEND = frontendFrames(1_000_000)
const BACKEND = backendFrames(1_000_000)

interface Cut {
  readonly event: string
  readonly type: string
  readonly bytes: Buffer
  readonly remaining: number
}

function cut(table: FrameTable, chunks: readonly Buffer[]): readonly Cut[] {
  const decoder = new FrameDecoder(table)
  return chunks.flatMap((chunk) => {
    decoder.feed(chunk)
    return drain(decoder)
  })
}

function drain(decoder: FrameDecoder): readonly Cut[] {
  const cuts: Cut[] = []
  for (let event = decoder.next(); event !== 'starved'; event = decoder.next())
    cuts.push({
      event,
      type: String.fromCharCode(decoder.type),
      bytes: decoder.bytes.subarray(decoder.start, decoder.end),
      remaining: decoder.remaining,
    })
  return cuts
}

/** Parts of streamed messages put together again. */
function messages(cuts: readonly Cut[]): readonly Buffer[] {
  const whole: Buffer[] = []
  let parts: Buffer[] = []
  for (const { bytes, remaining } of cuts) {
    parts.push(bytes)
    if (remaining > 0) continue
    whole.push(Buffer.concat(parts))
    parts = []
  }
  return whole
}

function split(stream: Buffer, borders: readonly number[]): readonly Buffer[] {
  const points = [0, ...borders.map((border) => border % (stream.length + 1)), stream.length].sort(
    (a, b) => a - b,
  )
  return points.slice(1).map((point, index) => stream.subarray(points[index], point))
}

const query = Query.encode({ text: Buffer.from('select 1') })
const row = DataRow.encode({ values: [Buffer.alloc(100, 'x'), null] })
const ready = ReadyForQuery.encode({ status: 'I' })

describe('cutting', () => {
  test('gives the messages of one chunk in place, without copying', () => {
    const chunk = Buffer.concat([query, Sync.bytes])
    const decoder = new FrameDecoder(FRONTEND)
    decoder.feed(chunk)
    expect(decoder.next()).toBe('frame')
    expect([decoder.type, decoder.start, decoder.end]).toEqual([0x51, 0, query.length])
    expect(decoder.bytes).toBe(chunk)
    expect(decoder.next()).toBe('frame')
    expect([decoder.type, decoder.start, decoder.end]).toEqual([0x53, query.length, chunk.length])
    expect(decoder.next()).toBe('starved')
  })

  test('assembles a message that spans chunks', () => {
    const cuts = cut(FRONTEND, [query.subarray(0, 3), query.subarray(3, 9), query.subarray(9)])
    expect(cuts).toEqual([{ event: 'frame', type: 'Q', bytes: query, remaining: 0 }])
  })

  test('streams a row that spans chunks: its header first, then parts', () => {
    const cuts = cut(BACKEND, [
      row.subarray(0, 20),
      row.subarray(20, 50),
      Buffer.concat([row.subarray(50), ready]),
    ])
    expect(cuts.map(({ event, remaining }) => [event, remaining])).toEqual([
      ['head', row.length - 20],
      ['body', row.length - 50],
      ['body', 0],
      ['frame', 0],
    ])
    expect(messages(cuts)).toEqual([row, ready])
  })

  test('streams a row whose header spans chunks', () => {
    const cuts = cut(BACKEND, [row.subarray(0, 2), row.subarray(2)])
    expect(cuts.map(({ event, bytes }) => [event, bytes.length])).toEqual([
      ['head', 5],
      ['body', row.length - 5],
    ])
  })

  test('stops between messages and goes on later, also with chunks that came meanwhile', () => {
    const decoder = new FrameDecoder(FRONTEND)
    decoder.feed(Buffer.concat([query, query.subarray(0, 4)]))
    expect(decoder.next()).toBe('frame')
    decoder.feed(query.subarray(4))
    decoder.feed(Sync.bytes)
    expect(messages(drain(decoder))).toEqual([query, Sync.bytes])
    expect(decoder.bufferedBytes).toBe(0)
  })

  test('counts the bytes that no event has given yet', () => {
    const decoder = new FrameDecoder(FRONTEND)
    decoder.feed(Buffer.concat([query, query.subarray(0, 7)]))
    decoder.next()
    expect(decoder.bufferedBytes).toBe(7)
    decoder.next()
    expect(decoder.bufferedBytes).toBe(7)
  })

  test('goes from startup packets to typed messages inside one chunk', () => {
    const startup = encodeStartupPacket({ kind: 'ssl-request' })
    const decoder = new FrameDecoder(STARTUP_FRAMES)
    decoder.feed(Buffer.concat([startup, query]))
    expect(decoder.next()).toBe('frame')
    expect([decoder.type, decoder.end]).toEqual([0, startup.length])
    decoder.expect(FRONTEND)
    expect(messages(drain(decoder))).toEqual([query])
  })

  test('any chunking gives the same messages', () => {
    const message = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((text) => DataRow.encode({ values: [Buffer.from(text)] })),
      fc.uint8Array({ maxLength: 40 }).map((data) => CopyData.encode({ data: Buffer.from(data) })),
      fc.constant(ready),
    )
    const borders = fc.array(fc.nat(), { maxLength: 20 })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), borders, (expected, points) => {
        const stream = Buffer.concat(expected)
        expect(messages(cut(BACKEND, split(stream, points)))).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  test('one byte at a time gives the same messages', () => {
    const stream = Buffer.concat([query, Sync.bytes, CopyData.encode({ data: Buffer.from('abc') }), query])
    const bytes = Array.from(stream, (_, index) => stream.subarray(index, index + 1))
    expect(messages(cut(FRONTEND, bytes))).toEqual(messages(cut(FRONTEND, [stream])))
  })
})

describe('refusing', () => {
  const cases: readonly (readonly [string, FrameTable, string, string])[] = [
    ['a type that the protocol has not', FRONTEND, '7a00000004', 'PROTOCOL_VIOLATION'],
    ['a length below its own size', FRONTEND, '5100000003', 'PROTOCOL_VIOLATION'],
    ['a negative length', FRONTEND, '51ffffffff', 'PROTOCOL_VIOLATION'],
    ['a body above the limit', FRONTEND, '5100ffffff', 'PROTOCOL_VIOLATION'],
    ['a Sync with a body', FRONTEND, '5300000005', 'PROTOCOL_VIOLATION'],
    ['a Query during authentication', AUTHENTICATION_FRAMES, '5100000004', 'UNEXPECTED_MESSAGE'],
    ['a password after authentication', FRONTEND, '7000000004', 'UNEXPECTED_MESSAGE'],
    ['a startup packet above the limit', STARTUP_FRAMES, '00010000', 'PROTOCOL_VIOLATION'],
    ['a startup packet of a TLS handshake', STARTUP_FRAMES, '16030100', 'PROTOCOL_VIOLATION'],
  ]
  test.each(cases)('%s, by the header alone', (_, table, header, code) => {
    const decoder = new FrameDecoder(table)
    decoder.feed(Buffer.from(header, 'hex'))
    expect(() => decoder.next()).toThrow(expect.objectContaining({ code, sqlstate: '08P01' }))
  })

  test('an announced length costs no memory before the bytes come', () => {
    const decoder = new FrameDecoder(frontendFrames(0x3fffffff))
    const before = process.memoryUsage().arrayBuffers
    decoder.feed(Buffer.from('513fffffff414141', 'hex'))
    expect(decoder.next()).toBe('starved')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
  })

  test('random bytes throw nothing but protocol errors', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), fc.boolean(), (chunks, backend) => {
        try {
          cut(
            backend ? BACKEND : FRONTEND,
            chunks.map((chunk) => Buffer.from(chunk)),
          )
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError)
          expect(error).toMatchObject({ sqlstate: '08P01' })
        }
      }),
      { numRuns: 500 },
    )
  })
})

test('what waits is counted without looking at it, and comes in its order', () => {
  const decoder = new FrameDecoder(FRONTEND)
  const stream = Buffer.concat(
    Array.from({ length: 3_000 }, (_, index) => Query.encode({ text: Buffer.from(`${index}`) })),
  )
  for (const byte of stream) decoder.feed(Buffer.from([byte]))
  expect(decoder.bufferedBytes).toBe(stream.length)
  expect(decoder.waitingChunks).toBe(stream.length - 1)
  expect(Buffer.concat(drain(decoder).map(({ bytes }) => bytes))).toEqual(stream)
  expect(decoder.bufferedBytes).toBe(0)
  expect(decoder.waitingChunks).toBe(0)
})
