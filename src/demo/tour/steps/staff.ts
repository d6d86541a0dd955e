import { ask, askRefused } from '../ask.js'
import type { Step, Tour } from '../tour.js'

const COUNTS = 'SELECT tenant_id, count(*) AS accounts FROM accounts GROUP BY tenant_id ORDER BY tenant_id'

/** Several tenants, to read. */
export const analyst: Step = async (tour) => {
  const { transcript } = tour
  transcript.step('An analyst reads two tenants, and writes to none')
  const { rows } = await ask(tour, { as: 'analyst', sql: COUNTS })
  const truth = await countsOf(tour, ['acme', 'birch'])
  transcript.check('these are acme and birch, and no others', JSON.stringify(rows) === truth)
  await askRefused(tour, {
    as: 'analyst',
    sql: "UPDATE accounts SET notes = 'seen'",
    sqlstate: '25006',
    tenants: 'acme,birch',
  })
  await checkAudit(tour, 'analyst', COUNTS)
}

const MIGRATION = 'ALTER TABLE tasks ADD COLUMN estimate int'

/** The whole database, DDL included, with a record of everything. */
export const operator: Step = async (tour) => {
  const { transcript } = tour
  transcript.step('An operator sees all, changes the schema, and leaves a trace')
  const { rows } = await ask(tour, { as: 'operator', sql: COUNTS })
  transcript.check("every tenant's accounts are there", JSON.stringify(rows) === (await countsOf(tour, null)))
  await ask(tour, { as: 'operator', sql: MIGRATION })
  await tour.refresh()
  const estimates = await ask(tour, {
    as: 'acme',
    sql: 'SELECT count(*), max(estimate) AS largest FROM tasks',
  })
  transcript.check('acme has the new column at once', estimates.rows[0]?.largest === null)
  await checkAudit(tour, 'operator', MIGRATION)
}

/** As JSON; null: of all. */
async function countsOf({ truth }: Tour, tenants: readonly string[] | null): Promise<string> {
  const { rows } = await truth.query(
    'SELECT tenant_id, count(*) AS accounts FROM accounts WHERE $1::text[] IS NULL OR tenant_id = ANY ($1) GROUP BY tenant_id ORDER BY tenant_id',
    [tenants],
  )
  return JSON.stringify(rows)
}

async function checkAudit(tour: Tour, login: string, sql: string): Promise<void> {
  const record = await tour.auditedStatement(login, sql)
  tour.transcript.check(`the audit has the ${login}'s statement, which was forwarded`, record !== null)
}
