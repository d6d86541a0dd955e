import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AuditEvent } from '../../../src/audit/event.js'
import { LoginName, TenantId } from '../../../src/core/ids.js'
import type { TokenIdentity } from '../../../src/session/identity.js'
import type { Authentication } from '../../../src/session/login-refusal.js'
import { beginTokenSession } from '../../../src/session/token-session.js'

const DAY_MS = 86_400_000
const acme = TenantId.of('acme')

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function begin(endsAtMs: number) {
  const state = { now: 1_000, ended: [] as string[] }
  const events: AuditEvent[] = []
  const identity: TokenIdentity = {
    login: {
      ...{ name: LoginName.of('token:alice'), kind: 'app', tenants: [acme] },
      ...{ secret: null, certificateCn: null, disabled: false },
    },
    reach: { kind: 'one', tenant: acme },
    clientAddress: '10.0.0.1',
    token: { id: 't-1', endsAtMs },
  }
  const services = {
    audit: { record: (event: AuditEvent) => events.push(event) > 0 },
    clock: { now: () => state.now, monotonicMs: () => 0 },
  }
  const request = { settings: new Map([['application_name', 'psql']]) }
  const stop = beginTokenSession({ services, request } as unknown as Authentication, identity, {
    end: ({ code }) => void state.ended.push(code),
  })
  /** Time passes for timers and for the wall clock. */
  const pass = (ms: number, wallMs = ms) => {
    state.now += wallMs
    vi.advanceTimersByTime(ms)
  }
  return { state, events, stop, pass }
}

test('the token is written down by its name', () => {
  expect(begin(61_000).events).toEqual([
    {
      kind: 'token_accepted',
      incident: expect.stringMatching(/^[0-9a-f]{12}$/),
      subject: {
        tenant: 'acme',
        login: 'token:alice',
        loginKind: 'app',
        clientAddress: '10.0.0.1',
        applicationName: 'psql',
      },
      tokenId: 't-1',
      endsAtMs: 61_000,
    },
  ])
})

test('the session ends with its token, and not before', () => {
  const { state, pass } = begin(61_000)
  pass(0)
  pass(59_999)
  expect(state.ended).toEqual([])
  pass(1)
  expect(state.ended).toEqual(['TOKEN_EXPIRED'])
})

test('what counts is the wall clock', () => {
  const { state, pass } = begin(61_000)
  pass(0)
  pass(60_000, 30_000)
  expect(state.ended).toEqual([])
  pass(30_000)
  expect(state.ended).toEqual(['TOKEN_EXPIRED'])
})

test('a token may be valid for longer than timers wait', () => {
  const { state, pass } = begin(100 * DAY_MS)
  for (let day = 0; day < 99; day++) pass(DAY_MS)
  expect(state.ended).toEqual([])
  pass(DAY_MS)
  expect(state.ended).toEqual(['TOKEN_EXPIRED'])
})

test('nothing ends a session that is over', () => {
  const { state, pass, stop } = begin(61_000)
  pass(0)
  stop()
  pass(DAY_MS)
  expect(state.ended).toEqual([])
})
