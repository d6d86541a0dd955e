import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfiguration } from '../../../src/config/load.js'
import { writeDemoConfiguration } from '../../../src/demo/demo-configuration.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantgate-demo-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('is a configuration that the gateway takes, for its owner only', async () => {
  const path = await writeDemoConfiguration({
    folder,
    databaseUrl: 'postgres://postgres:a%2Fb@127.0.0.1:55432/tenantgate_demo',
    role: { name: 'tenantgate_demo_app', password: 'p/w' },
    ports: { gateway: 6432, admin: 6480 },
  })
  const configuration = await loadConfiguration(path, {})
  expect(configuration.upstream.url).toBe(
    'postgres://tenantgate_demo_app:p%2Fw@127.0.0.1:55432/tenantgate_demo',
  )
  expect(configuration.upstream.operatorUrl).toBe('postgres://postgres:a%2Fb@127.0.0.1:55432/tenantgate_demo')
  expect(configuration.listen.port).toBe(6432)
  expect(configuration.audit.file).toBe(join(folder, 'audit.jsonl'))
  expect(configuration.policy.relations['public.countries']).toEqual({ access: 'shared' })
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})
