import { NEW_TENANT } from '../../tenants.js'
import { ask } from '../ask.js'
import type { Step } from '../tour.js'

/** No restart, no migration: a row in the tenants table and a login. */
export const newTenant: Step = async (tour) => {
  const { transcript } = tour
  transcript.step('A new tenant, while the gateway runs')
  await tour.onboard(NEW_TENANT)
  transcript.note(`tenant ${NEW_TENANT.id} and its login are in the control tables`)
  const empty = await ask(tour, { as: NEW_TENANT.id, sql: 'SELECT count(*) FROM accounts' })
  transcript.check('it starts with an empty database of its own', empty.rows[0]?.count === '0')
  await ask(tour, {
    as: NEW_TENANT.id,
    sql: "INSERT INTO accounts (name, email, country_code) VALUES ('Lofoten Tours', 'post@lofoten.example', 'NO')",
  })
  const own = await ask(tour, { as: NEW_TENANT.id, sql: 'SELECT tenant_id, name FROM accounts' })
  transcript.check(
    'and sees what it writes',
    JSON.stringify(own.rows) === JSON.stringify([{ tenant_id: NEW_TENANT.id, name: 'Lofoten Tours' }]),
  )
}
