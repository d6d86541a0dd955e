import { ask } from '../ask.js'
import type { Step } from '../tour.js'

const JOIN = `SELECT c.name AS country, count(DISTINCT a.id) AS accounts, sum(l.quantity * l.unit_price) AS total
FROM invoices i
JOIN invoice_lines l ON l.invoice_id = i.id
JOIN accounts a ON a.id = i.account_id
LEFT JOIN countries c ON c.code = a.country_code
WHERE i.status = 'paid'
GROUP BY c.name ORDER BY total DESC LIMIT 4`

const TRUE_JOIN = `SELECT c.name AS country, count(DISTINCT a.id) AS accounts, sum(l.quantity * l.unit_price) AS total
FROM invoices i
JOIN invoice_lines l ON l.tenant_id = i.tenant_id AND l.invoice_id = i.id
JOIN accounts a ON a.tenant_id = i.tenant_id AND a.id = i.account_id
LEFT JOIN countries c ON c.code = a.country_code
WHERE i.status = 'paid' AND i.tenant_id = 'cobalt'
GROUP BY c.name ORDER BY total DESC LIMIT 4`

/** A join of three tenant tables and a shared one. */
export const join: Step = async (tour) => {
  tour.transcript.step('A join, with a reference table that all tenants share')
  const { rows } = await ask(tour, { as: 'cobalt', sql: JOIN })
  const truth = await tour.truth.query(TRUE_JOIN)
  tour.transcript.check(
    'the totals are those of cobalt alone',
    rows.length === 4 && JSON.stringify(rows) === JSON.stringify(truth.rows),
  )
  const view = await ask(tour, {
    as: 'cobalt',
    sql: 'SELECT count(*) FROM open_tasks WHERE priority = 1',
  })
  const trueView = await tour.truth.query(
    "SELECT count(*) FROM open_tasks WHERE priority = 1 AND tenant_id = 'cobalt'",
  )
  tour.transcript.check("a view shows cobalt's rows only", view.rows[0]?.count === trueView.rows[0]?.count)
}

const UPSERT = `INSERT INTO accounts (name, email, country_code) VALUES ($1, 'hello@new-customer.example', 'NO')
ON CONFLICT (tenant_id, email) DO UPDATE SET name = excluded.name
RETURNING tenant_id, id, name`

/** The client never says whose row it is. */
export const upsert: Step = async (tour) => {
  tour.transcript.step('An upsert: the gateway supplies the tenant')
  const first = await ask(tour, { as: 'acme', sql: UPSERT, values: ['New Customer'] })
  const second = await ask(tour, { as: 'acme', sql: UPSERT, values: ['New Customer Inc.'] })
  const other = await ask(tour, { as: 'delta', sql: UPSERT, values: ['The same address, at delta'] })
  const truth = await tour.truth.query(
    "SELECT tenant_id, id, name FROM accounts WHERE email = 'hello@new-customer.example' ORDER BY tenant_id",
  )
  tour.transcript.check('the second one updated the first', first.rows[0]?.id === second.rows[0]?.id)
  tour.transcript.check(
    'acme and delta have a row each',
    JSON.stringify(truth.rows) === JSON.stringify([...second.rows, ...other.rows]),
  )
}

const NEW_INVOICE = `INSERT INTO invoices (account_id, number, status)
SELECT id, 'TOUR-1', 'sent' FROM accounts ORDER BY id LIMIT 1 RETURNING id`

/** All or nothing, with a savepoint in between. */
export const transaction: Step = async (tour) => {
  tour.transcript.step('A transaction')
  const run = (sql: string, values: readonly unknown[] = []) => ask(tour, { as: 'acme', sql, values })
  await run('BEGIN')
  const invoice = (await run(NEW_INVOICE)).rows[0]?.id
  const line =
    'INSERT INTO invoice_lines (invoice_id, line, description, quantity, unit_price) VALUES ($1, $2, $3, $4, $5)'
  await run(line, [invoice, 1, 'Consulting', 8, 120])
  await run('SAVEPOINT second_line')
  await run(line, [invoice, 2, 'A mistake', 1, 1_000_000])
  await run('ROLLBACK TO SAVEPOINT second_line')
  await run('COMMIT')
  const truth = await tour.truth.query(
    'SELECT l.tenant_id, l.description FROM invoices i JOIN invoice_lines l ON l.tenant_id = i.tenant_id AND l.invoice_id = i.id WHERE i.number = $1',
    ['TOUR-1'],
  )
  tour.transcript.check(
    "the invoice and its one line are committed, and are acme's",
    JSON.stringify(truth.rows) === JSON.stringify([{ tenant_id: 'acme', description: 'Consulting' }]),
  )
}
