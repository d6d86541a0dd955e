import { policyOf } from '../config/policy.js'
import { findIncident } from './audit-file.js'
import type { Cleanup } from './cleanup.js'
import { type DemoLogin, onboard } from './onboard.js'
import { scopedSql } from './scoped-sql.js'
import { loginUrl, type Stage } from './stage.js'
import { runTour } from './tour/run-tour.js'
import { Transcript } from './tour/transcript.js'
import { TourSessions } from './tour-sessions.js'

/** Takes the tour on a stage that is set; true if each step showed what it should. */
export async function guidedTour(
  stage: Stage,
  cleanup: Cleanup,
  print: (line: string) => void,
): Promise<boolean> {
  const sessions = new TourSessions()
  cleanup.add(() => sessions.close())
  const logins = new Map<string, DemoLogin>(stage.logins.map((login) => [login.tenant, login]))
  const policy = policyOf(stage.configuration)
  const transcript = new Transcript(print)
  const ok = await runTour({
    transcript,
    truth: stage.truth,
    session: (tenant) => {
      const login = logins.get(tenant)
      if (login === undefined) throw new Error(`no login for ${tenant}`)
      return sessions.get(loginUrl(stage, login))
    },
    scopedSql: (tenant, sql) => scopedSql({ client: stage.truth, policy, tenant, sql }),
    onboard: async (tenant) => {
      logins.set(tenant.id, await onboard(stage.truth, tenant))
      await stage.refresh()
    },
    auditRecord: (incident) => findIncident(stage.auditFile, incident),
  })
  print(
    ok
      ? '\nEvery step showed what it should.'
      : `\n${transcript.failures} things were not as they should be.`,
  )
  return ok
}
