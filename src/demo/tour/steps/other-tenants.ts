import { ask, askRefused } from '../ask.js'
import type { Step, Tour } from '../tour.js'

/** What an attacker, or a bug, would try first. */
export const readOthers: Step = async (tour) => {
  const { transcript } = tour
  transcript.step("Reading another tenant's row")
  const id = await accountOf(tour, 'birch')
  const byId = await ask(tour, {
    as: 'acme',
    sql: 'SELECT * FROM accounts WHERE id = $1 OR true ORDER BY id = $1 DESC LIMIT 1',
    values: [id],
  })
  transcript.check(
    `account ${id} is birch's, and acme is shown one of its own`,
    byId.rows[0]?.tenant_id === 'acme' && byId.rows[0]?.id !== id,
  )
  const named = await ask(tour, {
    as: 'acme',
    sql: "SELECT name FROM accounts WHERE tenant_id = 'birch' UNION ALL SELECT title FROM open_tasks WHERE tenant_id <> 'acme'",
  })
  transcript.check(
    "there are no rows of birch's, just as in a database of acme's own",
    named.rows.length === 0,
  )
  await askRefused(tour, {
    as: 'acme',
    sql: 'SELECT provider, secret_key FROM payment_provider_keys',
    sqlstate: '42501',
  })
  await askRefused(tour, {
    as: 'acme',
    sql: "SELECT query_to_xml('SELECT * FROM accounts', true, true, '')",
    sqlstate: '42501',
  })
}

/** Nothing of it arrives in the database. */
export const writeOthers: Step = async (tour) => {
  const { transcript } = tour
  transcript.step("Writing another tenant's row")
  const id = await accountOf(tour, 'birch')
  const before = await accountsOf(tour, 'birch')
  await askRefused(tour, {
    as: 'acme',
    sql: "INSERT INTO accounts (tenant_id, name, email, country_code) VALUES ('birch', 'Mallory', 'm@example.org', 'FR')",
    sqlstate: '42501',
  })
  await askRefused(tour, {
    as: 'acme',
    sql: "UPDATE accounts SET tenant_id = 'birch' WHERE name LIKE 'Iris%'",
    sqlstate: '42501',
  })
  const updated = await ask(tour, {
    as: 'acme',
    sql: "UPDATE accounts SET notes = 'hacked' WHERE id = $1",
    values: [id],
  })
  transcript.check(`birch's account ${id} can't be hit by its id`, updated.rowCount === 0)
  transcript.check("birch's accounts are as they were", (await accountsOf(tour, 'birch')) === before)
}

async function accountOf(tour: Tour, tenant: string): Promise<string> {
  const { rows } = await tour.truth.query('SELECT min(id) AS id FROM accounts WHERE tenant_id = $1', [tenant])
  return String(rows[0]?.id)
}

async function accountsOf(tour: Tour, tenant: string): Promise<string> {
  const { rows } = await tour.truth.query(
    "SELECT md5(string_agg(a::text, ';' ORDER BY id)) AS digest FROM accounts AS a WHERE tenant_id = $1",
    [tenant],
  )
  return String(rows[0]?.digest)
}
