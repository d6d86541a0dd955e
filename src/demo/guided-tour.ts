import { policyOf } from '../config/policy.js'
import { findRecord } from './audit-file.js'
import type { Cleanup } from './cleanup.js'
import { type Credentials, onboard } from './onboard.js'
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
  const logins = new Map<string, Credentials>([
    ...stage.logins.map((login) => [login.tenant, login] as const),
    ...stage.staff.map((login) => [login.name, login] as const),
  ])
  const policy = policyOf(stage.configuration)
  const transcript = new Transcript(print)
  const ok = await runTour({
    transcript,
    truth: stage.truth,
    session: (as) => {
      const login = logins.get(as)
      if (login === undefined) throw new Error(`no login for ${as}`)
      return sessions.get(loginUrl(stage, login))
    },
    scopedSql: (tenant, sql) => scopedSql({ client: stage.truth, policy, tenant, sql }),
    onboard: async (tenant) => {
      logins.set(tenant.id, await onboard(stage.truth, tenant))
      await stage.refresh()
    },
    auditRecord: (incident) => findRecord(stage.auditFile, (line) => line.incident === incident),
    auditedStatement: (login, sql) =>
      findRecord(
        stage.auditFile,
        (line) => line.kind === 'statement' && line.login === login && line.sql === sql,
      ),
    refresh: () => stage.refresh(),
  })
  print(
    ok
      ? '\nEvery step showed what it should.'
      : `\n${transcript.failures} things were not as they should be.`,
  )
  return ok
}
