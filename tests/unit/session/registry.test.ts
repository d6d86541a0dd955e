import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/errors.js'
import { LoginName, TenantId } from '../../../src/core/ids.js'
import { type RegisteredSession, Registry } from '../../../src/session/registry.js'
import type { ScopedLogin } from '../../../src/tenants/login.js'
import { scopedReachOf } from '../../../src/tenants/reach.js'
import { testCatalog } from '../../support/gateway.js'

function session(name: string, told: string[]): RegisteredSession {
  const catalog = testCatalog()
  const login = catalog.logins.get(LoginName.of(name)) as ScopedLogin
  const reach = scopedReachOf(login, catalog)
  if (reach === null) throw new Error(`${name} reaches nobody`)
  return {
    identity: { login, reach, clientAddress: '' },
    cancel: () => told.push(`cancel ${name}`),
    end: ({ code }) => told.push(`end ${name} ${code}`),
  }
}

describe('the registry', () => {
  test('lets nobody cancel who does not know the whole key', () => {
    const told: string[] = []
    const registry = new Registry()
    const key = registry.add(session('alice', told), 32)
    expect(key.secret).toHaveLength(32)
    registry.cancel({ ...key, processId: key.processId ^ 1 })
    registry.cancel({ ...key, secret: key.secret.subarray(0, 4) })
    registry.cancel({ ...key, secret: Buffer.alloc(32) })
    expect(told).toEqual([])
    registry.cancel(key)
    registry.delete(key.processId)
    registry.cancel(key)
    expect(told).toEqual(['cancel alice'])
  })

  test('ends those as well that log in while all are ended', () => {
    const told: string[] = []
    const registry = new Registry()
    const [before, after] = ['alice', 'bob'].map((name) => session(name, told))
    if (before === undefined || after === undefined) throw new Error('there are two')
    registry.add(before, 4)
    registry.endIfEnding(before)
    registry.endAll(() => new GatewayError('SHUTTING_DOWN', {}))
    registry.add(after, 4)
    registry.endIfEnding(after)
    expect(told).toEqual(['end alice SHUTTING_DOWN', 'end bob SHUTTING_DOWN'])
  })

  test.each([
    ['a login that was disabled', { disabled: true }],
    ['a login of another kind now', { kind: 'reader' as const }],
    ['a login of another tenant now', { tenants: [TenantId.of('globex')] }],
  ])('ends the sessions of %s, and no others', (_, change) => {
    const told: string[] = []
    const registry = new Registry()
    for (const name of ['alice', 'bob']) registry.add(session(name, told), 4)
    const catalog = testCatalog()
    const alice = catalog.logins.get(LoginName.of('alice')) as ScopedLogin
    const logins = new Map(catalog.logins).set(alice.name, { ...alice, ...change })
    registry.enforce(catalog, () => new GatewayError('LOGIN_CHANGED', {}))
    expect(told).toEqual([])
    registry.enforce({ ...catalog, logins }, () => new GatewayError('LOGIN_CHANGED', {}))
    expect(told).toEqual(['end alice LOGIN_CHANGED'])
  })

  test.each([
    ['goes on as long as its tenants do, whatever logins there are', 'active', []],
    ['ends with its tenant', 'suspended', ['end token:alice LOGIN_CHANGED']],
  ] as const)('a session by a token %s', (_, status, expected) => {
    const told: string[] = []
    const registry = new Registry()
    const catalog = testCatalog()
    const acme = TenantId.of('acme')
    const { identity } = session('alice', told)
    const login = { ...identity.login, name: LoginName.of('token:alice') } as ScopedLogin
    registry.add(
      {
        identity: {
          login,
          reach: { kind: 'one', tenant: acme },
          clientAddress: '',
          token: { id: null, endsAtMs: 0 },
        },
        cancel: () => {},
        end: ({ code }) => told.push(`end ${login.name} ${code}`),
      },
      4,
    )
    const tenant = catalog.tenants.get(acme)
    if (tenant === undefined) throw new Error('acme exists')
    const tenants = new Map(catalog.tenants).set(acme, { ...tenant, status })
    registry.enforce({ ...catalog, tenants, logins: new Map() }, () => new GatewayError('LOGIN_CHANGED', {}))
    expect(told).toEqual(expected)
  })

  test('ends the sessions of a login or tenant that is gone', () => {
    const told: string[] = []
    const registry = new Registry()
    for (const name of ['alice', 'bob']) registry.add(session(name, told), 4)
    const catalog = testCatalog()
    const logins = new Map([...catalog.logins].filter(([name]) => name !== 'bob'))
    const tenants = new Map([...catalog.tenants].filter(([id]) => id !== 'acme'))
    registry.enforce({ ...catalog, logins, tenants }, () => new GatewayError('LOGIN_CHANGED', {}))
    expect(told).toEqual(['end alice LOGIN_CHANGED', 'end bob LOGIN_CHANGED'])
  })
})
