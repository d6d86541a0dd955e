import { readFileSync, writeFileSync } from 'node:fs'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Policy } from '../../../src/policy/policy.js'
import { relationKey } from '../../../src/schema/relation.js'
import { type TestDatabase, testDatabase } from '../../support/database.js'
import { openScoping, POLICY, type Scoping } from '../../support/world/scoping.js'
import { type Captured, corpus } from './corpus.js'
import { outcomeOf, summary } from './refusals.js'

const ACCEPTED = new URL('accepted-refusals.txt', import.meta.url)

/** What `\d`, `\dt`, `\d orders`, `\l`, `\df` and their like send. */
const PSQL =
  /^(d|dt____|dt_server1[78]|d_orders|dp_users|l|df|df_server18|di|dv|dm|ds|dn|dT|dD|dx|du|z|d_users_id_seq|dd|dC|do|dO|dy|dx|connect|dp)$/

/** The tenant that the clients named when they were recorded. */
const TENANT = '11111111-1111-1111-1111-111111111111'

const CAPTURED_POLICY: Policy = {
  ...POLICY,
  relations: new Map([[relationKey('public', 'tenants'), { access: 'tenant', column: 'id' }]]),
  functions: { allow: new Set(), extensions: new Set(['citext', 'pgcrypto', 'uuid-ossp']) },
}

describe('statements that real clients send', () => {
  let database: TestDatabase
  let scoping: Scoping
  let client: Client
  beforeAll(async () => {
    database = await testDatabase({ sql: readFileSync(new URL('schema.sql', import.meta.url), 'utf8') })
    scoping = await openScoping(database, { policy: CAPTURED_POLICY, tenant: TENANT })
    client = new Client({ connectionString: database.url })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await database.drop()
  })

  test('are refused for the reasons that were agreed, and for no others', () => {
    const refused = corpus().flatMap((captured) => {
      const outcome = outcomeOf(captured, scoping)
      return 'refusal' in outcome ? [{ ...captured, ...outcome }] : []
    })
    const lines = `${summary(refused).join('\n')}\n`
    if (process.env.TENANTGATE_TEST_UPDATE === '1') writeFileSync(ACCEPTED, lines)
    expect(lines).toBe(readFileSync(ACCEPTED, 'utf8'))
  })

  test("psql's descriptions pass", () => {
    const refused = corpus()
      .filter(({ client, action }) => client === 'psql' && PSQL.test(action))
      .map((captured) => ({ ...captured, outcome: outcomeOf(captured, scoping) }))
      .filter(({ outcome }) => 'refusal' in outcome)
    expect(refused.map(({ action, outcome }) => [action, outcome])).toEqual([])
  })

  test('that pass can be prepared by the server wherever the original can', async () => {
    const broken: string[] = []
    for (const captured of corpus()) {
      const outcome = outcomeOf(captured, scoping)
      if ('refusal' in outcome || outcome.scoped === '' || !isQuery(captured)) continue
      if ((await prepare(client, captured.text)) !== null) continue
      const error = await prepare(client, outcome.scoped)
      if (error !== null)
        broken.push(`${captured.client}/${captured.action}: ${error}\n${captured.text}\n${outcome.scoped}`)
    }
    expect(broken.join('\n\n')).toBe('')
  })
})

function isQuery({ text }: Captured): boolean {
  return /^(select|with|insert|update|delete|values|table)\b/i.test(text)
}

/** null where the server can prepare the text; else what it says against it. */
async function prepare(client: Client, text: string): Promise<string | null> {
  try {
    await client.query(`PREPARE captured AS ${text}`)
    await client.query('DEALLOCATE captured')
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
