import { ask } from '../ask.js'
import type { Step, Tour } from '../tour.js'

/** The bug the gateway is for: nobody narrowed the statement to the tenant. */
export const forgottenWhere: Step = async (tour) => {
  const { transcript } = tour
  transcript.step('A query that forgot its WHERE, and a DELETE that did')
  const read = await ask(tour, {
    as: 'birch',
    sql: 'SELECT tenant_id, count(*) AS invoices FROM invoices GROUP BY tenant_id',
  })
  const own = await count(tour, "SELECT count(*) FROM invoices WHERE tenant_id = 'birch'")
  const all = await count(tour, 'SELECT count(*) FROM invoices')
  transcript.check(
    `birch counts its own ${own} of ${all} invoices`,
    read.rows.length === 1 && read.rows[0]?.tenant_id === 'birch' && Number(read.rows[0]?.invoices) === own,
  )
  await deleteEverything(tour)
}

async function deleteEverything(tour: Tour): Promise<void> {
  const own = await count(tour, "SELECT count(*) FROM comments WHERE tenant_id = 'birch'")
  const others = await count(tour, "SELECT count(*) FROM comments WHERE tenant_id <> 'birch'")
  const { rowCount } = await ask(tour, { as: 'birch', sql: 'DELETE FROM comments' })
  tour.transcript.check(`it deleted birch's own ${own} comments`, rowCount === own)
  const left = await count(tour, 'SELECT count(*) FROM comments')
  tour.transcript.check(`the ${others} comments of the other tenants are still there`, left === others)
}

async function count(tour: Tour, sql: string): Promise<number> {
  const { rows } = await tour.truth.query(sql)
  return Number(rows[0]?.count)
}
