import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cell, type Current } from '../../../src/core/current.js'
import { LoginName, TenantId } from '../../../src/core/ids.js'
import type { Policy } from '../../../src/policy/policy.js'
import { loadParser } from '../../../src/sql/parser.js'
import { migrate } from '../../../src/tenants/migrate.js'
import { type ControlPlane, openControlPlane } from '../../../src/upstream/control-plane.js'
import { type TestDatabase, testDatabase } from '../../support/database.js'

const policy: Policy = {
  generation: 1,
  tenantColumn: 'tenant_id',
  searchPath: ['public'],
  relations: new Map(),
  functions: { allow: new Set(), extensions: new Set() },
  explain: 'plan',
  temporaryTables: true,
  controlSchema: 'tenantgate',
}

/** Resolves as soon as the value is as expected; a test that waits in vain runs into the runner's limit. */
function until<T>(current: Current<T>, isReady: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const stop = current.subscribe((value) => {
      if (!isReady(value)) return
      stop()
      resolve(value)
    })
    if (isReady(current.value)) {
      stop()
      resolve(current.value)
    }
  })
}

describe('openControlPlane', () => {
  let database: TestDatabase
  let plane: ControlPlane
  const problems: unknown[] = []
  const rules = new Cell(policy)

  const open = (pollMs: number) =>
    openControlPlane({
      operatorUrl: database.url,
      controlSchema: 'tenantgate',
      policy: rules,
      pollMs,
      onProblem: (problem) => problems.push(problem),
    })

  beforeAll(async () => {
    await loadParser()
    database = await testDatabase({ sql: 'CREATE TABLE orders (tenant_id text, id int)' })
    const client = new Client({ connectionString: database.url })
    await client.connect()
    await migrate(client, 'tenantgate')
    await client.end()
    plane = await open(3_600_000)
  })
  afterAll(async () => {
    await plane.close()
    await database.drop()
  })

  const tenant = TenantId.of('acme')
  const login = LoginName.of('acme_app')

  test('says so where there is no control schema', async () => {
    await expect(
      openControlPlane({
        operatorUrl: database.url,
        controlSchema: 'nowhere',
        policy: rules,
        onProblem: () => undefined,
      }),
    ).rejects.toThrow('relation "nowhere.tenants" does not exist')
  })

  test('hears of tenants and logins', async () => {
    await database.query(`
      INSERT INTO tenantgate.tenants (id, name) VALUES ('acme', 'Acme');
      INSERT INTO tenantgate.logins (name, tenants) VALUES ('acme_app', '{acme}')`)
    await until(plane.catalog, (catalog) => catalog.logins.has(login))
    expect(plane.catalog.value.tenants.get(tenant)?.status).toBe('active')
    const before = plane.catalog.value.generation
    await database.query("UPDATE tenantgate.tenants SET status = 'suspended'")
    await until(plane.catalog, (catalog) => catalog.tenants.get(tenant)?.status === 'suspended')
    expect(plane.catalog.value.generation).toBeGreaterThan(before)
  })

  test('sees a schema change on demand, with the next generation', async () => {
    const before = plane.snapshot.value.generation
    await database.query('ALTER TABLE orders ADD COLUMN note text')
    await plane.refresh()
    const relation = plane.snapshot.value.relations.get('public\0orders')
    expect(relation?.columns.map(({ name }) => name)).toEqual(['tenant_id', 'id', 'note'])
    expect(plane.snapshot.value.generation).toBe(before + 1)
  })

  test('keeps the snapshot where nothing changed', async () => {
    const before = plane.snapshot.value
    await database.query('ANALYZE orders')
    await database.query('CREATE TEMPORARY TABLE scratch (a int)')
    await plane.refresh()
    expect(plane.snapshot.value).toBe(before)
  })

  test('proves views anew when the policy changes', async () => {
    await database.query('CREATE VIEW shown AS SELECT tenant_id, id FROM orders')
    await plane.refresh()
    expect(plane.snapshot.value.relations.get('public\0shown')?.view?.columns.size).toBe(1)
    rules.replace({ ...policy, generation: 2, tenantColumn: 'org' })
    await until(
      plane.snapshot,
      (snapshot) => snapshot.relations.get('public\0shown')?.view?.columns.size === 0,
    )
    rules.replace(policy)
  })

  test('finds by polling what no notification told of', async () => {
    await database.query('ALTER TABLE tenantgate.tenants DISABLE TRIGGER announce')
    const polling = await open(20)
    try {
      await database.query("UPDATE tenantgate.tenants SET name = 'Other'")
      await database.query('CREATE TABLE later (tenant_id text)')
      await until(polling.catalog, (catalog) => catalog.tenants.get(tenant)?.name === 'Other')
      await until(polling.snapshot, (snapshot) => snapshot.relations.has('public\0later'))
    } finally {
      await polling.close()
      await database.query('ALTER TABLE tenantgate.tenants ENABLE TRIGGER announce')
    }
  })

  test('listens again after its connections were lost, and catches up', async () => {
    await database.query(`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'tenantgate%'`)
    await database.query("UPDATE tenantgate.tenants SET name = 'Again'")
    await until(plane.catalog, (catalog) => catalog.tenants.get(tenant)?.name === 'Again')
    await database.query("UPDATE tenantgate.tenants SET name = 'Heard'")
    await until(plane.catalog, (catalog) => catalog.tenants.get(tenant)?.name === 'Heard')
    expect(problems.length).toBeGreaterThan(0)
  })
})
