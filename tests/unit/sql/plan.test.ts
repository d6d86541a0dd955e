import { beforeAll, describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/core/errors.js'
import { TenantId } from '../../../src/core/ids.js'
import { loadParser } from '../../../src/sql/parser.js'
import { compileSql } from '../../support/sql-world.js'

beforeAll(loadParser)

const UUID = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'

function bind(text: string, ...tenants: readonly string[]): string {
  return compileSql(text).bind(tenants.map(TenantId.of)).toString('utf8')
}

function refusal(text: string, ...tenants: readonly string[]): string {
  try {
    return bind(text, ...tenants)
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error)
  }
}

describe('bind', () => {
  test("fills each tenant's own id into one plan", () => {
    const compiled = compileSql('SELECT * FROM orders o')
    const texts = ['acme', 'globex', '7', UUID].map((id) => compiled.bind([TenantId.of(id)]).toString())
    expect(texts).toEqual(
      ['acme', 'globex', '7', UUID].map(
        (id) =>
          `SELECT * FROM (public.orders o JOIN (SELECT) AS _tg1 ON o.tenant_id OPERATOR(pg_catalog.=) '${id}')`,
      ),
    )
  })

  test('gives the same bytes again for the same tenant', () => {
    const compiled = compileSql('SELECT 1 FROM orders')
    expect(compiled.bind([TenantId.of('acme')])).toBe(compiled.bind([TenantId.of('acme')]))
  })

  test('keeps tenants apart however many there are', () => {
    const compiled = compileSql('SELECT 2 FROM orders')
    for (let round = 0; round < 2; round += 1) {
      for (let i = 0; i < 200; i += 1) {
        expect(compiled.bind([TenantId.of(`t${i}`)]).toString()).toContain(` 't${i}')`)
      }
    }
  })

  test("fills several tenants into an analyst's list, where NULL would mean something else", () => {
    const compiled = compileSql('SELECT * FROM orders', { kind: 'analyst' })
    const text = compiled.bind(['acme', 'null', 'NULL', 'a_b-c'].map(TenantId.of)).toString()
    expect(text).toContain(`ANY ('{acme,"null","NULL",a_b-c}')`)
  })

  test('tells one tenant from several with the same ids joined', () => {
    const compiled = compileSql('SELECT id FROM orders', { kind: 'analyst' })
    const one = compiled.bind(['a', 'b'].map(TenantId.of)).toString()
    const other = compiled.bind(['a'].map(TenantId.of)).toString()
    expect(one).not.toBe(other)
  })
})

describe("a literal that the client gave for the tenant column has to be the tenant's", () => {
  test.each([
    ['text', "INSERT INTO orders (tenant_id) VALUES ('acme')", 'acme', true],
    ['text of another tenant', "INSERT INTO orders (tenant_id) VALUES ('acme')", 'globex', false],
    ['text in another case', "INSERT INTO orders (tenant_id) VALUES ('ACME')", 'acme', false],
    ['a number for text', 'INSERT INTO orders (tenant_id) VALUES (7)', '7', true],
    ['one row of several', "INSERT INTO orders (tenant_id) VALUES ('acme'), ('globex')", 'acme', false],
    ['an integer', 'INSERT INTO meters (org) VALUES (7)', '7', true],
    ['an integer as text', "INSERT INTO meters (org) VALUES ('007')", '7', true],
    ['another integer', 'INSERT INTO meters (org) VALUES (8)', '7', false],
    ['a uuid', `INSERT INTO devices (tenant_id) VALUES ('${UUID}')`, UUID, true],
    ['a uuid in upper case', `INSERT INTO devices (tenant_id) VALUES ('${UUID.toUpperCase()}')`, UUID, true],
    ['a uuid in brackets', `INSERT INTO devices (tenant_id) VALUES ('{${UUID}}')`, UUID, true],
    ['another uuid', `INSERT INTO devices (tenant_id) VALUES ('${UUID.replace('a0', 'b0')}')`, UUID, false],
    ['an assignment', "UPDATE orders SET tenant_id = 'acme'", 'acme', true],
    ['an assignment of another', "UPDATE orders SET tenant_id = 'globex'", 'acme', false],
    ['an arm of a SELECT', "INSERT INTO orders (id, tenant_id) SELECT 1, 'globex'", 'acme', false],
    [
      'a row of MERGE',
      "MERGE INTO orders USING countries ON true WHEN NOT MATCHED THEN INSERT (tenant_id) VALUES ('globex')",
      'acme',
      false,
    ],
  ])('%s', (_title, text, tenant, isRight) => {
    expect(refusal(text, tenant) === 'TENANT_MISMATCH').toBe(!isRight)
  })

  test('and is refused again each time, for that tenant alone', () => {
    const text = "INSERT INTO orders (tenant_id) VALUES ('acme') RETURNING 1"
    expect(refusal(text, 'globex')).toBe('TENANT_MISMATCH')
    expect(refusal(text, 'acme')).toContain('INSERT')
    expect(refusal(text, 'globex')).toBe('TENANT_MISMATCH')
  })
})

describe('a parameter that the client gives for the tenant column', () => {
  test.each([
    ['INSERT INTO orders (id, tenant_id) VALUES ($1, $2)', [2]],
    ['INSERT INTO orders (id, tenant_id) VALUES ($1, $2), ($3, $4)', [2, 4]],
    ['INSERT INTO orders (id, tenant_id) SELECT 1, $3', [3]],
    ['UPDATE orders SET tenant_id = $1, note = $2', [1]],
    ['UPDATE orders SET (note, tenant_id) = ($1, $2)', [2]],
    ['INSERT INTO orders (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET tenant_id = $2', [2]],
    ['INSERT INTO orders (id, note) VALUES ($1, $2)', []],
  ])('is named to the session: %s', (text, numbers) => {
    const found = compileSql(text).checks.map((check) => (check.kind === 'parameter' ? check.number : check))
    expect(found).toEqual(numbers)
  })

  test('with the type by which it is compared', () => {
    const text = 'INSERT INTO devices (tenant_id) VALUES ($1)'
    expect(compileSql(text).checks).toEqual([
      { kind: 'parameter', number: 1, relation: 'devices', type: 'pg_catalog.uuid' },
    ])
  })
})

describe('originalPosition', () => {
  test("points into the client's own text, whatever the tenant's length", () => {
    const text = "SELECT 'ä', x FROM orders, users WHERE y = 1"
    const compiled = compileSql(text)
    for (const id of ['a', 'a-very-long-name-of-a-tenant']) {
      const tenants = [TenantId.of(id)]
      const scoped = [...compiled.bind(tenants).toString('utf8')]
      const position = scoped.join('').indexOf('y = 1')
      const found = compiled.originalPosition(tenants, [...scoped.join('').slice(0, position)].length + 1)
      expect([...text].slice(found - 1).join('')).toBe('y = 1')
    }
  })
})
