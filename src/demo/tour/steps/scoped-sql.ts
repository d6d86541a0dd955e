import type { Step } from '../tour.js'

const SQL =
  "SELECT t.title, p.name FROM tasks t LEFT JOIN projects p ON p.id = t.project_id WHERE t.status = 'open'"

/** The client's text with the guards in it; nothing else was changed. */
export const scopedSql: Step = async (tour) => {
  const { transcript } = tour
  transcript.step('What the database is sent')
  transcript.statement('acme', SQL)
  const scoped = await tour.scopedSql('acme', SQL)
  transcript.text(scoped)
  const guards =
    scoped.match(/JOIN \(SELECT\) AS _tg\d+ ON \w+\.tenant_id OPERATOR\(pg_catalog\.=\)[^)]*'\{?acme\}?'/g) ??
    []
  transcript.check('both tables carry a guard with the tenant', guards.length === 2)
}
