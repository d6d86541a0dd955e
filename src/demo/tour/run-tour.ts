import { join, transaction, upsert } from './steps/everyday-work.js'
import { forgottenWhere } from './steps/forgotten-where.js'
import { newTenant } from './steps/new-tenant.js'
import { readOthers, writeOthers } from './steps/other-tenants.js'
import { ownFlags } from './steps/own-flags.js'
import { sameSelect } from './steps/same-select.js'
import { scopedSql } from './steps/scoped-sql.js'
import { analyst, operator } from './steps/staff.js'
import type { Step, Tour } from './tour.js'

const STEPS: readonly Step[] = [
  sameSelect,
  forgottenWhere,
  join,
  upsert,
  transaction,
  readOthers,
  writeOthers,
  scopedSql,
  newTenant,
  ownFlags,
  analyst,
  operator,
]

/** Takes every step, also after one that failed; true if each showed what it should. */
export async function runTour(tour: Tour): Promise<boolean> {
  for (const step of STEPS) {
    try {
      await step(tour)
    } catch (error) {
      tour.transcript.check(`the step ran to its end: ${describe(error)}`, false)
    }
  }
  return tour.transcript.failures === 0
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
