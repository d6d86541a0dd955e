import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { GatewayError } from '../../src/core/errors.js'
import { TenantId } from '../../src/core/ids.js'
import type { Tenant } from '../../src/tenants/tenant.js'
import { signingKey, signToken } from '../support/issuer.js'
import { TokenStage } from '../support/token-stage.js'
import { say } from '../support/wire-client.js'

const FIRST = signingKey('first')

let stage: TokenStage
beforeAll(async () => {
  stage = await TokenStage.create()
})
afterAll(() => stage?.close())
beforeEach(() => stage.start(FIRST))
afterEach(async () => {
  expect(await stage.stop()).toEqual([])
})

const closed = (line: string) => line === 'closed'

function changeAcme(changes: Partial<Tenant>): void {
  const { catalog } = stage.gateway
  const acme = catalog.value.tenants.get(TenantId.of('acme'))
  if (acme === undefined) throw new Error('acme exists')
  const tenants = new Map(catalog.value.tenants).set(acme.id, { ...acme, ...changes })
  catalog.replace({ ...catalog.value, tenants, logins: new Map() })
}

test('a session ends with its token: at once when idle, else with the transaction', async () => {
  const token = await signToken(FIRST, { exp: Math.floor(Date.now() / 1000) + 3 })
  const idle = await stage.wire(token)
  const busy = await stage.wire(token)
  await busy.send(say.query('BEGIN')).ready()
  expect((await idle.until(closed)).join()).toContain(
    'C="57P01" M="terminating connection due to token expiry"',
  )
  expect((await busy.send(say.query('SELECT 1')).until(closed)).join()).toContain('C="57P01"')
  await expect(stage.connect(token)).rejects.toMatchObject({ code: '28P01' })
})

test('a session ends with its tenant, and not with a login of its name', async () => {
  const alice = await stage.wire(await signToken(FIRST))
  const bob = await stage.wire(await signToken(FIRST, { sub: 'bob', tenant: 'globex' }))
  changeAcme({ status: 'suspended' })
  stage.gateway.registry.enforce(stage.gateway.catalog.value, () => new GatewayError('LOGIN_CHANGED', {}))
  expect((await alice.until(closed)).join()).toContain('C="57P01"')
  expect((await bob.send(say.query('SELECT 1 AS x')).ready()).join()).toContain('SELECT 1')
  bob.close()
})

test('a session is one of its tenant’s connections', async () => {
  changeAcme({ settings: { features: {}, branding: {}, limits: { connections: 1 } } })
  await stage.connect(await signToken(FIRST))
  await expect(stage.connect(await signToken(FIRST, { sub: 'bob' }))).rejects.toMatchObject({ code: '53300' })
})
