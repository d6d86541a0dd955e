import { expect, test } from 'vitest'
import { OperatorConnections } from '../../../src/upstream/operator-connections.js'

/** Nobody listens there. */
const URL = 'postgres://127.0.0.1:9/x'

function connections(max: number): OperatorConnections {
  return new OperatorConnections({
    url: URL,
    max,
    times: { idleTimeoutMs: 0, lifetimeMs: 0 },
    connectTimeoutMs: 5_000,
    observer: { connected: () => {}, lost: () => {} },
  })
}

test('operators are not served where there may be none', async () => {
  await expect(connections(0).open(new Map())).rejects.toMatchObject({ code: 'LOGIN_KIND' })
})

test.each([
  ['a b', 'x'],
  ['work_mem -c role', 'x'],
  ['client_encoding', 'latin1'],
])('a setting is no way to write something else: %s', async (name, value) => {
  await expect(connections(1).open(new Map([[name, value]]))).rejects.toMatchObject({
    code: 'STARTUP_PARAMETER',
  })
})

test('one more than there may be is sent away while the others connect, and the place of one that failed is free', async () => {
  const all = connections(1)
  const first = all.open(new Map([['client_encoding', 'UTF8']]))
  await expect(all.open(new Map())).rejects.toMatchObject({ code: 'TOO_MANY_CONNECTIONS' })
  await expect(first).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  expect(all.size).toBe(0)
})
