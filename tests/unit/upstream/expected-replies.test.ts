import { describe, expect, test } from 'vitest'
import {
  ExpectedReplies,
  ExpectedReply,
  type Outcome,
  Request,
} from '../../../src/upstream/expected-replies.js'

/** Replies that write down how they ended. */
function recording() {
  const ends: string[] = []
  const reply = (name: string, request: (typeof Request)[keyof typeof Request]) =>
    new ExpectedReply(request, 'relay', {
      text: null,
      statement: null,
      completes: () => null,
      settled: (outcome: Outcome) => ends.push(`${name} ${outcome}`),
    })
  return { ends, reply }
}

describe('expected replies', () => {
  test('are settled in the order in which they were asked for', () => {
    const { ends, reply } = recording()
    const replies = new ExpectedReplies()
    for (let index = 0; index < 1_000; index++) replies.push(reply(String(index), Request.Execute))
    for (let index = 0; index < 1_000; index++) replies.settleHead('completed')
    expect(ends).toEqual(Array.from({ length: 1_000 }, (_, index) => `${index} completed`))
    expect(replies.length).toBe(0)
    expect(replies.head).toBeUndefined()
  })

  test('an error undoes all up to the next Sync, the latest first', () => {
    const { ends, reply } = recording()
    const replies = new ExpectedReplies()
    replies.push(reply('parse', Request.Parse))
    replies.push(reply('bind', Request.Bind))
    replies.push(reply('query', Request.Query))
    replies.push(reply('sync', Request.Sync))
    replies.push(reply('later', Request.Parse))
    replies.failToSync()
    expect(ends).toEqual(['query abandoned', 'bind abandoned', 'parse failed'])
    expect(replies.head?.request).toBe(Request.Sync)
    expect(replies.length).toBe(2)
  })

  test('what comes after an error and before a Sync is abandoned as it comes', () => {
    const { ends, reply } = recording()
    const replies = new ExpectedReplies()
    replies.push(reply('parse', Request.Parse))
    replies.failToSync()
    expect(replies.skips).toBe(true)
    replies.push(reply('bind', Request.Bind))
    expect(ends).toEqual(['parse failed', 'bind abandoned'])
    replies.push(reply('sync', Request.Sync))
    expect(replies.skips).toBe(false)
    replies.push(reply('next', Request.Parse))
    expect(replies.length).toBe(2)
  })

  test('a connection that is gone abandons all', () => {
    const { ends, reply } = recording()
    const replies = new ExpectedReplies()
    replies.push(reply('a', Request.Query))
    replies.push(reply('b', Request.Query))
    replies.abandonAll()
    expect(ends).toEqual(['b abandoned', 'a abandoned'])
    expect(replies.length).toBe(0)
  })
})
