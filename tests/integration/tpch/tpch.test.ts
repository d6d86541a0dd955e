import { Client, type QueryConfig } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../support/database.js'
import { type WholeGateway, wholeGateway } from '../../support/whole-gateway.js'
import { worldServers } from '../../support/world/full.js'
import { dataset, handWritten, queries } from './queries.js'

const TENANTS = ['acme', 'globex'] as const
const SHARED = { 'public.nation': { access: 'shared' }, 'public.region': { access: 'shared' } }

describe.each(worldServers())('the queries of TPC-H on PostgreSQL $label', (server) => {
  const open: { end(): Promise<void> }[] = []
  const databases: TestDatabase[] = []
  const tenants = new Map<string, { readonly own: Client; readonly gateway: Client }>()
  let shared: TestDatabase
  let whole: WholeGateway

  beforeAll(async () => {
    shared = await database([...TENANTS, 'initech'])
    whole = await wholeGateway(shared, { policy: { relations: SHARED } })
    for (const tenant of TENANTS) {
      const own = await database([tenant])
      tenants.set(tenant, { own: await connect(own.url), gateway: await connect(whole.url(tenant)) })
    }
  })
  afterAll(async () => {
    for (const client of open) await client.end()
    await whole.stop()
    for (const each of databases) await each.drop()
  })

  async function database(of: readonly string[]): Promise<TestDatabase> {
    const created = await testDatabase({ server, sql: dataset(of) })
    databases.push(created)
    return created
  }

  async function connect(connectionString: string): Promise<Client> {
    const client = new Client({ connectionString })
    await client.connect()
    open.push(client)
    return client
  }

  function of(tenant: string): { readonly own: Client; readonly gateway: Client } {
    const clients = tenants.get(tenant)
    if (clients === undefined) throw new Error(`no clients of ${tenant}`)
    return clients
  }

  describe.each(TENANTS)('for %s', (tenant) => {
    test.each(queries())('$title: the rows of a private database', async (query) => {
      const { own, gateway } = of(tenant)
      const expected = await rows(own, { text: query.text })
      expect(expected).not.toEqual([])
      expect(await rows(gateway, { text: query.text })).toEqual(expected)
      expect(await rows(gateway, { text: query.text, name: query.title })).toEqual(expected)
    })

    test.each(queries())('$title: the plan of predicates written by hand', async (query) => {
      const explain = (client: Client | TestDatabase, text: string) =>
        client.query(`EXPLAIN (COSTS OFF, VERBOSE) ${text}`)
      const expected = await explain(shared, handWritten(query, tenant))
      expect(planOf((await explain(of(tenant).gateway, query.text)).rows)).toBe(planOf(expected.rows))
    })
  })

  test('differ from tenant to tenant', async () => {
    for (const { text } of queries()) {
      const [first, second] = await Promise.all(TENANTS.map((tenant) => rows(of(tenant).own, { text })))
      expect(first).not.toEqual(second)
    }
  })
})

async function rows(client: Client, query: QueryConfig): Promise<readonly unknown[]> {
  return (await client.query({ ...query, rowMode: 'array' })).rows
}

/** The server leaves the qualifier away where a query has one relation, and a guard is another. */
function planOf(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  const qualifiers = new Set([...plan.matchAll(/\b(?!public)([a-z]\w*)\.(?=[a-z])/g)].map(([, name]) => name))
  const [only] = qualifiers
  return qualifiers.size === 1 ? plan.replaceAll(`${only}.`, '') : plan
}
