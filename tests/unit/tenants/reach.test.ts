import { describe, expect, test } from 'vitest'
import { LoginName, TenantId } from '../../../src/core/ids.js'
import type { TenantCatalog } from '../../../src/tenants/catalog.js'
import type { Login, LoginKind } from '../../../src/tenants/login.js'
import { isSameReach, type Reach, reachOf } from '../../../src/tenants/reach.js'
import { testCatalog } from '../../support/gateway.js'

/** With the tenants acme and globex, and the suspended one `closed`. */
const CATALOG: TenantCatalog = testCatalog()

function login(kind: LoginKind, tenants: readonly string[]): Login {
  const name = LoginName.of('x')
  return { name, kind, tenants: tenants.map(TenantId.of), secret: null, certificateCn: null, disabled: false }
}

function several(...tenants: readonly string[]): Reach {
  return { kind: 'several', tenants: tenants.map(TenantId.of) }
}

describe('what a login reaches', () => {
  test.each<[LoginKind, readonly string[], Reach | null]>([
    ['app', ['acme'], { kind: 'one', tenant: TenantId.of('acme') }],
    ['reader', ['acme'], { kind: 'one', tenant: TenantId.of('acme') }],
    ['app', ['closed'], null],
    ['app', ['gone'], null],
    ['analyst', ['globex', 'acme'], several('acme', 'globex')],
    ['analyst', ['acme'], several('acme')],
    ['analyst', ['acme', 'globex', 'acme'], several('acme', 'globex')],
    ['analyst', ['acme', 'closed'], several('acme')],
    ['analyst', ['closed'], null],
    ['operator', [], { kind: 'all' }],
  ])('%s of %j', (kind, tenants, reach) => {
    expect(reachOf(login(kind, tenants), CATALOG)).toEqual(reach)
  })
})

describe('two reaches are the same', () => {
  const one: Reach = { kind: 'one', tenant: TenantId.of('acme') }
  test.each<[Reach, Reach, boolean]>([
    [one, one, true],
    [one, several('acme'), false],
    [several('acme', 'globex'), several('acme', 'globex'), true],
    [several('acme', 'globex'), several('acme'), false],
    [several('a', 'b-c'), several('a-b', 'c'), false],
    [{ kind: 'all' }, { kind: 'all' }, true],
    [{ kind: 'all' }, several('acme'), false],
  ])('%j and %j: %s', (a, b, isSame) => {
    expect([isSameReach(a, b), isSameReach(b, a)]).toEqual([isSame, isSame])
  })
})
