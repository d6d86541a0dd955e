import { describe, expect, test } from 'vitest'
import { LoginName, TenantId } from '../../../src/core/ids.js'
import { readCatalog } from '../../../src/tenants/read-catalog.js'

const tenant = { id: 'acme', name: 'Acme', status: 'active', settings: {} }
const login = {
  name: 'acme_app',
  kind: 'app',
  tenants: ['acme'],
  secret: null,
  certificateCn: null,
  disabled: false,
}

function read(tenants: readonly (typeof tenant)[], logins: readonly (typeof login)[]) {
  const said: string[] = []
  const catalog = readCatalog(
    { tenants, logins },
    { generation: 3, onProblem: (problem) => said.push(problem) },
  )
  return { catalog, said }
}

describe('readCatalog', () => {
  test('finds tenants and logins by name', () => {
    const { catalog, said } = read([tenant], [login])
    expect(catalog.generation).toBe(3)
    expect(catalog.tenants.get(TenantId.of('acme'))?.name).toBe('Acme')
    expect(catalog.logins.get(LoginName.of('acme_app'))?.tenants).toEqual(['acme'])
    expect(said).toEqual([])
  })

  test('leaves out a row that it cannot read, with the logins that need it, and keeps the rest', () => {
    const broken = { ...tenant, id: 'bad', settings: { limits: { connections: 'x' } } }
    const { catalog, said } = read([tenant, broken], [login, { ...login, name: 'bad_app', tenants: ['bad'] }])
    expect([...catalog.tenants.keys()]).toEqual(['acme'])
    expect([...catalog.logins.keys()]).toEqual(['acme_app'])
    expect(said).toHaveLength(2)
  })

  test.each([
    ['an id that needs quoting', [{ ...tenant, id: "a'b" }], []],
    ['an unknown status', [{ ...tenant, status: 'gone' }], []],
    ['an unknown kind', [tenant], [{ ...login, kind: 'root' }]],
    ['an app of two tenants', [tenant, { ...tenant, id: 'b' }], [{ ...login, tenants: ['acme', 'b'] }]],
    ['an app of no tenant', [tenant], [{ ...login, tenants: [] }]],
    ['an operator with a tenant', [tenant], [{ ...login, kind: 'operator' }]],
    ['an analyst without tenants', [tenant], [{ ...login, kind: 'analyst', tenants: [] }]],
  ])('lets nobody in by %s', (_, tenants, logins) => {
    const { catalog, said } = read(tenants, logins)
    expect(catalog.tenants.size + catalog.logins.size).toBe(tenants.length + logins.length - 1)
    expect(said).toHaveLength(1)
  })
})
