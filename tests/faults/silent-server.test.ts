import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SystemClock } from '../../src/core/clock.js'
import { GatewayError } from '../../src/core/errors.js'
import { Discharge } from '../../src/session/discharge.js'
import { reportedParameters } from '../../src/session/startup-settings.js'
import { tenantsStartup } from '../../src/upstream/handshake.js'
import { Pool } from '../../src/upstream/pool.js'
import type { ServerConnection } from '../../src/upstream/server-connection.js'
import { ScriptedServer } from '../support/scripted-server.js'

/** Longer than anybody waits for a server that says nothing. */
const LONG_MS = 15_000

const ACME = { tenant: 'acme', weight: 1 }

let server: ScriptedServer
let pool: Pool

beforeEach(async () => {
  server = await ScriptedServer.start()
  pool = new Pool({
    target: { url: server.url, settings: tenantsStartup(['public']), connectTimeoutMs: 5_000 },
    ...{ max: 1, perTenant: 1, queueTimeoutMs: 60_000, preparedStatements: 10 },
    ...{ idleTimeoutMs: 0, healthCheckMs: 0, lifetimeMs: 0 },
    clock: SystemClock,
    observer: { connected: () => {}, lost: () => {}, waited: () => {}, leaseEnded: () => {} },
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(async () => {
  vi.useRealTimers()
  pool.stop()
  await server.stop()
})

function lease(): Promise<ServerConnection> {
  return new Promise((leased, refused) => {
    const connection = pool.acquire({ ...ACME, maxLeases: 0, leased, refused })
    if (connection !== null) leased(connection)
  })
}

test('a connection that isn’t rolled back in time is given up', async () => {
  new Discharge(pool, await lease(), true).start()
  expect(pool.state.open).toBe(1)
  await vi.advanceTimersByTimeAsync(LONG_MS)
  expect(pool.state.open).toBe(0)
})

test('a login whose settings the server doesn’t answer fails, and keeps no connection', async () => {
  const reported = reportedParameters(pool, ACME, new Map([['timezone', 'UTC']]))
  const refusal = expect(reported).rejects.toBeInstanceOf(GatewayError)
  await expect.poll(() => server.connections[0]?.heard.length, { timeout: 20_000 }).toBe(1)
  await vi.advanceTimersByTimeAsync(LONG_MS)
  await refusal
  expect(pool.state.open).toBe(0)
})
