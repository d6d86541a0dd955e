import { DEMO_TENANTS } from '../../tenants.js'
import { ask } from '../ask.js'
import type { Step } from '../tour.js'

/** Feature flags, branding and limits are data that the application reads with plain SQL. */
export const ownFlags: Step = async (tour) => {
  const { transcript } = tour
  transcript.step('Its own flags, branding and limits, by SQL')
  for (const tenant of DEMO_TENANTS.slice(0, 2)) {
    const { rows } = await ask(tour, {
      as: tenant.id,
      sql: "SELECT id, settings->'features' AS features, settings->'branding'->>'color' AS color FROM tenantgate.tenants",
    })
    transcript.check(
      `${tenant.id} sees one row, its own`,
      rows.length === 1 && rows[0]?.id === tenant.id && rows[0]?.color === tenant.settings.branding.color,
    )
  }
  const { rows } = await ask(tour, { as: 'acme', sql: 'SELECT settings FROM tenantgate.tenants' })
  transcript.check("and acme's settings are those that it was given", sameSettings(rows[0]?.settings))
}

function sameSettings(settings: unknown): boolean {
  const given = DEMO_TENANTS[0]?.settings
  return JSON.stringify(sorted(settings)) === JSON.stringify(sorted(given))
}

/** jsonb orders keys its own way. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}
