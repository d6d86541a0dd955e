import { beforeEach, describe, expect, test } from 'vitest'
import type { SessionMetrics } from '../../../src/metrics/metrics.js'
import { Pinning } from '../../../src/session/pinning.js'
import type { CompiledText, Effect } from '../../../src/sql/compiled.js'

const TAKE: Effect = { kind: 'hold', held: 'lock', name: '', local: false }
const GIVE_BACK: Effect = { kind: 'let-go', held: 'lock', name: null }
const LISTEN: Effect = { kind: 'hold', held: 'channel', name: 'news', local: false }
const UNLISTEN: Effect = { kind: 'let-go', held: 'channel', name: null }

function text(...effects: readonly Effect[]): CompiledText {
  return {
    statements: [{ command: 'SELECT', effects, tag: null, pin: null }],
    checks: [],
    uses: 0,
    bind: () => {
      throw new Error('nobody binds it')
    },
    originalPosition: () => 1,
    namesMoment: false,
  }
}

let counted: string[]
let pinning: Pinning
const metrics = {
  pinned: () => counted.push('pinned'),
  unpinned: () => counted.push('unpinned'),
} as unknown as SessionMetrics

beforeEach(() => {
  counted = []
  pinning = new Pinning(false, metrics)
})

describe('a lock', () => {
  test('is held from the moment that its text is sent, also if it fails', () => {
    pinning.sending(text(TAKE))
    expect(pinning.keeps).toBe(true)
    pinning.failed()
    pinning.ready('I')
    expect(pinning.keeps).toBe(true)
    expect(pinning.mustDiscard).toBe(true)
  })

  test('is asked about until the server says that there is none, once for each text', () => {
    pinning.sending(text(TAKE))
    expect(pinning.mustAskForLocks).toBe(true)
    pinning.askedForLocks()
    expect(pinning.mustAskForLocks).toBe(false)
    expect(pinning.keeps).toBe(true)
    pinning.sending(text(GIVE_BACK))
    expect(pinning.mustAskForLocks).toBe(true)
    pinning.locksAreGone(pinning.askedForLocks())
    expect(pinning.keeps).toBe(false)
    expect(pinning.mustAskForLocks).toBe(false)
  })

  test('that is given back leaves a connection as clean as it was', () => {
    pinning.sending(text(TAKE))
    pinning.completed([TAKE], 'SELECT 1')
    pinning.locksAreGone(pinning.askedForLocks())
    expect(pinning.mustDiscard).toBe(false)
  })

  test('that is taken while the server is asked isn’t gone with the answer', () => {
    pinning.sending(text(TAKE))
    const askedAfter = pinning.askedForLocks()
    pinning.sending(text(TAKE))
    pinning.locksAreGone(askedAfter)
    expect(pinning.keeps).toBe(true)
    expect(pinning.mustAskForLocks).toBe(true)
  })

  test('that nobody holds needs no question when it is given back', () => {
    pinning.sending(text(GIVE_BACK))
    expect(pinning.mustAskForLocks).toBe(false)
    expect(pinning.keeps).toBe(false)
  })

  test('is gone with DISCARD ALL', () => {
    pinning.sending(text(TAKE))
    pinning.completed([{ kind: 'discard-all' }], 'DISCARD ALL')
    expect(pinning.keeps).toBe(false)
  })

  test('is asked about when nothing else keeps the connection', () => {
    pinning.completed([LISTEN], 'LISTEN')
    pinning.ready('I')
    pinning.sending(text(TAKE))
    expect(pinning.mustAskForLocks).toBe(false)
    pinning.completed([UNLISTEN], 'UNLISTEN')
    pinning.ready('I')
    expect(pinning.mustAskForLocks).toBe(true)
  })

  test('is never asked about where the connection is the session’s for good', () => {
    pinning = new Pinning(true, metrics)
    pinning.sending(text(TAKE))
    expect(pinning.mustAskForLocks).toBe(false)
    expect(pinning.keeps).toBe(true)
  })
})

test('what else was held once has to be discarded', () => {
  pinning.completed([LISTEN], 'LISTEN')
  pinning.completed([UNLISTEN], 'UNLISTEN')
  pinning.ready('I')
  expect(pinning.keeps).toBe(false)
  expect(pinning.mustDiscard).toBe(true)
  pinning.released()
  expect(pinning.mustDiscard).toBe(false)
})

test('sessions that keep their connection are counted', () => {
  pinning.sending(text(TAKE))
  pinning.ready('I')
  pinning.ready('I')
  pinning.locksAreGone(pinning.askedForLocks())
  pinning.ready('I')
  expect(counted).toEqual(['pinned', 'unpinned'])
})
