import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate, migrationSql } from '../../../src/tenants/migrate.js'
import { type TestDatabase, testDatabase } from '../../support/database.js'

describe('migrate', () => {
  let database: TestDatabase
  const clients: Client[] = []
  const connect = async () => {
    const client = new Client({ connectionString: database.url })
    clients.push(client)
    await client.connect()
    return client
  }
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()))
    await database.drop()
  })

  test('makes the control schema once, whoever else tries at the same time', async () => {
    const done = await Promise.all(
      [await connect(), await connect(), await connect()].map((client) => migrate(client, 'tenantgate')),
    )
    expect(done.filter((steps) => steps.length > 0)).toEqual([['tenants and logins', 'audit events']])
    const { rows } = await database.query(
      "SELECT relname FROM pg_class WHERE relnamespace = 'tenantgate'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1",
    )
    expect(rows.map(({ relname }) => relname)).toEqual([
      'audit_events',
      'audit_events_default',
      'logins',
      'migrations',
      'tenants',
    ])
  })

  test('works in a schema whose name needs quoting', async () => {
    expect(await migrate(await connect(), 'Odd "name" \'s')).toHaveLength(2)
    await database.query(`INSERT INTO "Odd ""name"" 's".tenants (id, name) VALUES ('a', 'A')`)
  })

  test('leaves nothing behind when a step fails', async () => {
    await database.query('CREATE SCHEMA half; CREATE TABLE half.logins ()')
    await expect(migrate(await connect(), 'half')).rejects.toThrow('already exists')
    const { rows } = await database.query(`SELECT to_regclass('half.tenants') AS tenants`)
    expect(rows[0]?.tenants).toBeNull()
  })

  test('prints what it would run', () => {
    expect(migrationSql('tenantgate')).toContain('CREATE TABLE "tenantgate".tenants')
  })

  test.each([
    ["INSERT INTO tenantgate.tenants (id, name) VALUES ('a b', 'x')"],
    ["INSERT INTO tenantgate.tenants (id, name, status) VALUES ('x', 'x', 'gone')"],
    ["INSERT INTO tenantgate.tenants (id, name, settings) VALUES ('x', 'x', '[]')"],
    ["INSERT INTO tenantgate.logins (name, kind, tenants) VALUES ('x', 'app', '{}')"],
    ["INSERT INTO tenantgate.logins (name, kind, tenants) VALUES ('x', 'operator', '{a}')"],
    ["INSERT INTO tenantgate.logins (name, kind, tenants) VALUES ('x', 'analyst', '{}')"],
    ["INSERT INTO tenantgate.logins (name, kind, tenants, secret) VALUES ('x', 'app', '{a}', 'plain')"],
  ])('the tables refuse %s', async (sql) => {
    await expect(database.query(sql)).rejects.toThrow('violates check constraint')
  })
})
