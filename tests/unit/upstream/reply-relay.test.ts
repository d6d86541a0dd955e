import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ExpectedReplies,
  ExpectedReply,
  type Origin,
  Request,
  type RequestBit,
} from '../../../src/upstream/expected-replies.js'
import { ReplyRelay } from '../../../src/upstream/reply-relay.js'
import { BindComplete } from '../../../src/wire/messages/bind-complete.js'
import { CloseComplete } from '../../../src/wire/messages/close-complete.js'
import { CommandComplete } from '../../../src/wire/messages/command-complete.js'
import { DataRow } from '../../../src/wire/messages/data-row.js'
import { ErrorResponse } from '../../../src/wire/messages/error-response.js'
import { NotificationResponse } from '../../../src/wire/messages/notification-response.js'
import { ParameterStatus } from '../../../src/wire/messages/parameter-status.js'
import { ParseComplete } from '../../../src/wire/messages/parse-complete.js'
import { ReadyForQuery } from '../../../src/wire/messages/ready-for-query.js'
import { trace } from '../../../src/wire/trace.js'
import { RecordingLessee } from '../../support/recording-lessee.js'

const ORIGIN: Origin = { text: null, statement: null, completes: () => null, settled: () => {} }
const row = (text: string) => DataRow.encode({ values: [Buffer.from(text)] })
const done = CommandComplete.encode({ commandTag: 'SELECT 1' })
const ready = (status: 'I' | 'T' | 'E') => ReadyForQuery.encode({ status })
const error = ErrorResponse.encode({ fields: new Map([['M', 'of the server']]) })

function relay(...replies: readonly ExpectedReply[]) {
  const lessee = new RecordingLessee()
  const expected = new ExpectedReplies()
  for (const reply of replies) expected.push(reply)
  const host = {
    lessee,
    parameterChanged: (name: string, value: string) => lessee.told.push(`${name} = ${value}`),
    cycleEnded: (status: string) => lessee.told.push(`cycle ${status}`),
  }
  const feed = new ReplyRelay(expected, host)
  return {
    lessee,
    expected,
    feed: (...chunks: readonly Buffer[]) => {
      for (const chunk of chunks) feed.feed(chunk)
    },
  }
}

const reply = (request: RequestBit, mode: 'relay' | 'swallow' = 'relay') => new ExpectedReply(request, mode)
const lines = (lessee: RecordingLessee) => trace('backend', lessee.client)

describe('the relay', () => {
  test('gives messages that lie side by side as one piece', () => {
    const { lessee, feed } = relay(reply(Request.Query))
    feed(Buffer.concat([row('a'), row('b'), done, ready('I')]))
    expect(lessee.relayed).toHaveLength(1)
    expect(lessee.client).toEqual(Buffer.concat([row('a'), row('b'), done, ready('I')]))
  })

  test('swallows the answers to its own requests wherever they stand', () => {
    const { lessee, feed } = relay(
      ...[reply(Request.Query, 'swallow'), reply(Request.Parse, 'swallow'), reply(Request.Bind)],
      ...[reply(Request.Close, 'swallow'), reply(Request.Execute), reply(Request.Sync)],
    )
    feed(Buffer.concat([done, ready('I'), ParseComplete.bytes, BindComplete.bytes, CloseComplete.bytes]))
    feed(Buffer.concat([row('x'), done, ready('I')]))
    expect(lines(lessee).map((line) => line.split(' ')[1])).toEqual([
      ...['BindComplete', 'DataRow', 'CommandComplete', 'ReadyForQuery'],
    ])
  })

  test('says what the server does not have to when its turn comes', () => {
    const synthetic = new ExpectedReply(Request.Synthetic, 'relay', null, ParseComplete.bytes)
    const { lessee, feed } = relay(synthetic, reply(Request.Bind), synthetic, synthetic, reply(Request.Sync))
    feed(Buffer.concat([BindComplete.bytes, ready('I')]))
    expect(lines(lessee).map((line) => line.split(' ')[1])).toEqual([
      ...['ParseComplete', 'BindComplete', 'ParseComplete', 'ParseComplete', 'ReadyForQuery'],
    ])
  })

  test('puts another error in the place of the server’s', () => {
    const substitute = new ExpectedReply(
      Request.Parse,
      'substitute',
      null,
      ErrorResponse.encode({ fields: new Map([['M', 'ours']]) }),
    )
    const { lessee, feed } = relay(substitute, reply(Request.Bind), reply(Request.Sync))
    feed(Buffer.concat([error, ready('E')]))
    expect(lines(lessee)).toEqual(['< ErrorResponse fields={M="ours"}', '< ReadyForQuery status="E"'])
  })

  test('tells apart the error of a statement, and of the end of its transaction', () => {
    const { lessee, feed } = relay(reply(Request.Sync), reply(Request.Query))
    feed(error, ready('I'), error, ready('I'))
    expect(lessee.told).toEqual([
      ...['error for relay', 'ready I', 'cycle I'],
      ...['error for relay', 'ready I', 'cycle I'],
    ])
  })

  test('passes settings on', () => {
    const { lessee, feed } = relay()
    feed(ParameterStatus.encode({ parameter: 'TimeZone', value: 'UTC' }))
    expect(lessee.told).toEqual(['TimeZone = UTC'])
    expect(lines(lessee)).toEqual(['< ParameterStatus parameter="TimeZone" value="UTC"'])
  })

  test('gives notifications to the lessee alone, in their place, also where nothing is outstanding', () => {
    const notification = NotificationResponse.encode({ processId: 1, channel: 'c', payload: 'p' })
    const { lessee, feed } = relay(reply(Request.Query))
    feed(Buffer.concat([row('a'), done, notification, ready('I')]), notification)
    expect(lessee.told).toEqual(['notified c', 'ready I', 'cycle I', 'notified c'])
    expect(lines(lessee).map((line) => line.split(' ')[1])).toEqual([
      ...['DataRow', 'CommandComplete', 'ReadyForQuery'],
    ])
  })

  test('tells who asked on behalf of the gateway what came of it', () => {
    const tags: string[] = []
    const origin = { ...ORIGIN, answered: (tag: string) => tags.push(tag) }
    const { lessee, feed } = relay(new ExpectedReply(Request.Query, 'swallow', origin), reply(Request.Query))
    feed(Buffer.concat([done, ready('I'), done, ready('I')]))
    expect(tags).toEqual(['SELECT 1'])
    expect(lines(lessee)).toHaveLength(2)
  })

  test.each([
    ['a row that nobody asked for', [], row('x')],
    ['a row for a Bind', [Request.Bind], row('x')],
    ['a ParseComplete for an Execute', [Request.Execute], ParseComplete.bytes],
    ['a ReadyForQuery in the middle', [Request.Execute], ready('I')],
    ['a second ReadyForQuery', [], ready('I')],
    ['an authentication request', [Request.Query], Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])],
    ['a copy in both directions', [Request.Query], Buffer.from([0x57, 0, 0, 0, 7, 0, 0, 0])],
    ['a type that does not exist', [Request.Query], Buffer.from([0x7a, 0, 0, 0, 4])],
    ['a length that is none', [Request.Query], Buffer.from([0x44, 0, 0, 0, 3])],
  ])('takes %s for the end of the connection', (_, requests, bytes) => {
    const { feed } = relay(...requests.map((request) => reply(request as RequestBit)))
    expect(() => feed(bytes)).toThrow()
  })

  test('gives the same bytes however the server cuts them', () => {
    const large = row('y'.repeat(5_000))
    const stream = Buffer.concat([
      ...[done, ready('I'), ParseComplete.bytes, BindComplete.bytes, row('a'), large, row('b'), done],
      ...[ParseComplete.bytes, error, ready('I'), row('c'), done, done, ready('T')],
    ])
    const requests = () => [
      reply(Request.Query, 'swallow'),
      ...[reply(Request.Parse), reply(Request.Bind), new ExpectedReply(Request.Execute, 'relay', ORIGIN)],
      ...[reply(Request.Parse, 'swallow'), reply(Request.Bind), reply(Request.Execute), reply(Request.Sync)],
      new ExpectedReply(Request.Query, 'relay', ORIGIN),
    ]
    const whole = relay(...requests())
    whole.feed(stream)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 60 }), (sizes) => {
        const cut = relay(...requests())
        let at = 0
        for (const size of sizes) {
          cut.feed(Buffer.from(stream.subarray(at, at + size)))
          at = Math.min(stream.length, at + size)
        }
        cut.feed(Buffer.from(stream.subarray(at)))
        expect(cut.lessee.client.equals(whole.lessee.client)).toBe(true)
        expect(cut.lessee.told).toEqual(whole.lessee.told)
        expect(cut.expected.length).toBe(0)
      }),
    )
  })
})
