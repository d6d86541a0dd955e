import { describe, expect, test } from 'vitest'
import { LoginName, TenantId } from '../../../src/core/ids.js'
import {
  accountOf,
  auditSubject,
  type Identity,
  tenantLabel,
  tenantOf,
} from '../../../src/session/identity.js'

const COMMON = { secret: null, certificateCn: null, disabled: false }
const clientAddress = '10.0.0.1'
const [acme, globex] = [TenantId.of('acme'), TenantId.of('globex')]

const APP: Identity = {
  login: { ...COMMON, name: LoginName.of('acme_app'), kind: 'app', tenants: [acme] },
  reach: { kind: 'one', tenant: acme },
  clientAddress,
}
const ANALYST: Identity = {
  login: { ...COMMON, name: LoginName.of('acme'), kind: 'analyst', tenants: [globex, acme] },
  reach: { kind: 'several', tenants: [acme, globex] },
  clientAddress,
}
const TOKEN: Identity = { ...ANALYST, token: { id: 't-1', endsAtMs: 0 } }
const OPERATOR: Identity = {
  login: { ...COMMON, name: LoginName.of('root'), kind: 'operator', tenants: [] },
  reach: { kind: 'all' },
  clientAddress,
}

describe('an identity', () => {
  test.each<[string, Identity, object]>([
    ['app', APP, { tenant: 'acme', label: 'acme', account: 'acme', audited: 'acme' }],
    ['analyst', ANALYST, { tenant: null, label: '(several)', account: '(acme)', audited: 'acme,globex' }],
    ['analyst', TOKEN, { tenant: null, label: '(several)', account: '[acme]', audited: 'acme,globex' }],
    ['operator', OPERATOR, { tenant: null, label: '(all)', account: '(root)', audited: null }],
  ])('of kind %s says whose it is', (_kind, identity, expected) => {
    expect({
      tenant: tenantOf(identity),
      label: tenantLabel(identity.reach),
      account: accountOf(identity),
      audited: auditSubject(identity, undefined).tenant,
    }).toEqual(expected)
  })

  test('is named in the audit with what the client says of itself', () => {
    expect(auditSubject(ANALYST, 'psql')).toEqual({
      tenant: 'acme,globex',
      login: 'acme',
      loginKind: 'analyst',
      clientAddress,
      applicationName: 'psql',
    })
  })
})
