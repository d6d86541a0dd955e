import { ask } from '../ask.js'
import type { Step } from '../tour.js'

const SQL = 'SELECT name, email, country_code FROM accounts ORDER BY id LIMIT 3'

/** The same text, another tenant, other rows. */
export const sameSelect: Step = async (tour) => {
  tour.transcript.step('The same SELECT as two tenants')
  for (const tenant of ['acme', 'birch']) {
    const { rows } = await ask(tour, { as: tenant, sql: SQL })
    const truth = await tour.truth.query(
      'SELECT name, email, country_code FROM accounts WHERE tenant_id = $1 ORDER BY id LIMIT 3',
      [tenant],
    )
    tour.transcript.check(
      `these are ${tenant}'s first three accounts`,
      rows.length === 3 && JSON.stringify(rows) === JSON.stringify(truth.rows),
    )
  }
}
