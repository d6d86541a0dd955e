import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type AdminOptions, type AdminServer, startAdmin } from '../../../src/admin/server.js'
import { createMetrics } from '../../../src/metrics/metrics.js'

let server: AdminServer | undefined
afterEach(async () => {
  await server?.stop()
  server = undefined
})

async function start(options: Partial<AdminOptions> = {}): Promise<string> {
  server = await startAdmin({
    host: '127.0.0.1',
    port: 0,
    tokens: [],
    checks: [],
    metrics: createMetrics(),
    ...options,
  })
  return `http://127.0.0.1:${server.port}`
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('/metrics', () => {
  test('is the Prometheus text', async () => {
    const response = await fetch(`${await start()}/metrics`)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
    expect(await response.text()).toContain('# TYPE tenantgate_sessions gauge')
  })

  test.each([
    ['without a token', undefined, 401],
    ['with a wrong token', 'Bearer wrong', 401],
    ['with the hash itself', `Bearer ${sha256('right')}`, 401],
    ['with another scheme', 'Basic right', 401],
    ['with a token of the configuration', 'Bearer right', 200],
  ])('%s, where tokens are configured', async (_, authorization, status) => {
    const url = await start({
      tokens: [
        { name: 'other', role: 'admin', sha256: sha256('other') },
        { name: 'ops', role: 'viewer', sha256: sha256('right') },
      ],
    })
    const response = await fetch(`${url}/metrics`, {
      headers: authorization === undefined ? {} : { authorization },
    })
    expect(response.status).toBe(status)
    expect((await response.text()).includes('tenantgate_')).toBe(status === 200)
  })
})

describe('/readyz', () => {
  test('is ready when every check holds, and needs no token', async () => {
    const url = await start({
      tokens: [{ name: 'ops', role: 'viewer', sha256: sha256('x') }],
      checks: [{ name: 'catalog', failure: () => null }],
    })
    const response = await fetch(`${url}/readyz`)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ready', checks: [{ name: 'catalog', ok: true }] })
  })

  test('names what fails', async () => {
    const url = await start({
      checks: [
        { name: 'catalog', failure: () => null },
        { name: 'upstream', failure: () => 'connection refused' },
      ],
    })
    const response = await fetch(`${url}/readyz`)
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({
      status: 'not ready',
      checks: [
        { name: 'catalog', ok: true },
        { name: 'upstream', ok: false, reason: 'connection refused' },
      ],
    })
  })
})

test('/healthz answers as long as the process lives', async () => {
  const response = await fetch(`${await start()}/healthz`)
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ status: 'ok' })
})

test.each([
  ['GET', '/'],
  ['GET', '/metrics/'],
  ['POST', '/metrics'],
  ['GET', '/api/v1/tenants'],
  ['DELETE', '/healthz'],
])('%s %s does not exist', async (method, path) => {
  const response = await fetch(`${await start()}${path}`, { method })
  expect(response.status).toBe(404)
})

test('gives the port back when it stops', async () => {
  await start()
  const port = server?.port ?? 0
  await server?.stop()
  server = undefined
  const next = createServer()
  await new Promise<void>((resolve, reject) => next.once('error', reject).listen(port, '127.0.0.1', resolve))
  await new Promise((resolve) => next.close(resolve))
})
