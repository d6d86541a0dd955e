import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ConfiguredDatabase, configuredDatabase } from '../configured-database.js'

describe('tenantgate init', () => {
  let gate: ConfiguredDatabase
  beforeAll(async () => {
    gate = await configuredDatabase()
  })
  afterAll(() => gate.drop())

  const privileges = async () => {
    const { rows } = await gate.database.query(
      `SELECT table_schema || '.' || table_name AS name, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS rights
       FROM information_schema.role_table_grants WHERE grantee = $1 GROUP BY 1 ORDER BY 1`,
      [gate.role],
    )
    return Object.fromEntries(rows.map(({ name, rights }) => [name, rights]))
  }

  test('--print shows the SQL and changes nothing', async () => {
    const { code, out } = await gate.command(['init', '--print', '--rls'])
    expect(code).toBe(0)
    expect(out).toContain('CREATE TABLE "tenantgate".tenants')
    expect(out).toContain(`CREATE ROLE "${gate.role}"`)
    expect(out).not.toContain('p@ss/word')
    const { rows } = await gate.database.query("SELECT to_regnamespace('tenantgate') AS schema")
    expect(rows[0]?.schema).toBeNull()
  })

  test('makes schema, role and grants, and may run again', async () => {
    const first = await gate.command(['init'])
    expect(first).toMatchObject({ code: 0, error: '' })
    const before = await privileges()
    const second = await gate.command(['init'])
    expect(second).toMatchObject({ code: 0, error: '' })
    expect(await privileges()).toEqual(before)
  })

  test('grants what the policy needs and nothing on what it denies', async () => {
    expect(await privileges()).toEqual({
      'public.orders': 'DELETE INSERT SELECT UPDATE',
      'public.lines': 'DELETE INSERT SELECT UPDATE',
      'public.countries': 'SELECT',
      'public.totals': 'DELETE INSERT SELECT UPDATE',
      'tenantgate.tenants': 'SELECT',
    })
  })

  test('the role logs in with the password of the URL and may do no more than that', async () => {
    const client = new Client({ connectionString: gate.upstreamUrl })
    await client.connect()
    await client.query("INSERT INTO orders (tenant_id, note) VALUES ('acme', 'x')")
    await expect(client.query('SELECT * FROM secrets')).rejects.toThrow('permission denied')
    await expect(client.query('SELECT * FROM tenantgate.logins')).rejects.toThrow('permission denied')
    await expect(client.query('UPDATE tenantgate.tenants SET name = name')).rejects.toThrow(
      'permission denied',
    )
    await expect(client.query("SELECT setval('orders_id_seq', 1)")).rejects.toThrow('permission denied')
    await expect(client.query('CREATE SCHEMA mine')).rejects.toThrow('permission denied')
    await client.end()
  })

  test('takes back what the policy no longer gives', async () => {
    await gate.database.query(`GRANT ALL ON secrets TO ${gate.role}`)
    await gate.command(['init'])
    expect(await privileges()).not.toHaveProperty('public.secrets')
  })

  test('warns of what PUBLIC may use', async () => {
    await gate.database.query('GRANT SELECT ON secrets TO PUBLIC')
    const { code, error } = await gate.command(['init'])
    expect(code).toBe(0)
    expect(error).toContain('public.secrets is denied by the policy, but PUBLIC')
    await gate.database.query('REVOKE SELECT ON secrets FROM PUBLIC')
  })

  test('announces schema changes but not temporary tables', async () => {
    const client = new Client({ connectionString: gate.database.url })
    const heard: string[] = []
    client.on('notification', ({ channel }) => heard.push(channel))
    await client.connect()
    await client.query('LISTEN "tenantgate.schema"')
    await client.query('CREATE TEMPORARY TABLE scratch (a int); DROP TABLE scratch')
    await client.query('SELECT 1')
    expect(heard).toEqual([])
    await client.query('CREATE TABLE later (tenant_id text)')
    await client.query('DROP TABLE later')
    await client.query('SELECT 1')
    expect(new Set(heard)).toEqual(new Set(['tenantgate.schema']))
    await client.end()
  })

  test('--rls shows the role the rows of the tenant that is set, and everybody else what they saw', async () => {
    await gate.database.query("INSERT INTO orders (tenant_id, note) VALUES ('globex', 'y')")
    expect(await gate.command(['init', '--rls'])).toMatchObject({ code: 0 })
    expect(await gate.command(['init', '--rls'])).toMatchObject({ code: 0 })
    const client = new Client({ connectionString: gate.upstreamUrl })
    await client.connect()
    const seen = async () => (await client.query('SELECT DISTINCT tenant_id FROM orders')).rows
    expect(await seen()).toEqual([])
    await client.query("SET tenantgate.tenant = 'acme'")
    expect(await seen()).toEqual([{ tenant_id: 'acme' }])
    await expect(client.query("INSERT INTO orders (tenant_id) VALUES ('globex')")).rejects.toThrow(
      'row-level security',
    )
    await client.end()
    expect((await gate.database.query('SELECT DISTINCT tenant_id FROM orders')).rows).toHaveLength(2)
  })

  test('refuses a role that could get round the gateway', async () => {
    await gate.database.query(`ALTER ROLE ${gate.role} BYPASSRLS`)
    const { code, error } = await gate.command(['init'])
    expect(code).toBe(1)
    expect(error).toContain('may do more than a gateway should')
    await gate.database.query(`ALTER ROLE ${gate.role} NOBYPASSRLS`)
  })
})
