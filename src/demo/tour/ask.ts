import { type Client, DatabaseError, type QueryResult } from 'pg'
import type { Tour } from './tour.js'

export interface Question {
  /** A tenant, or the name of one of the staff's logins. */
  readonly as: string
  readonly sql: string
  readonly values?: readonly unknown[]
}

/** Runs a statement and shows what comes back. */
export async function ask(tour: Tour, { as, sql, values = [] }: Question): Promise<QueryResult> {
  tour.transcript.statement(as, withValues(sql, values))
  const result = await (await tour.session(as)).query(sql, [...values])
  if (result.fields.length > 0) tour.transcript.result(result)
  else tour.transcript.text(`${result.command} ${result.rowCount ?? ''}`.trim())
  return result
}

function withValues(sql: string, values: readonly unknown[]): string {
  if (values.length === 0) return sql
  return `${sql}\n-- ${values.map((value, index) => `$${index + 1}: ${String(value)}`).join(', ')}`
}

/** A refusal as the client saw it. */
export interface SeenRefusal {
  readonly sqlstate: string
  readonly message: string
  /** From the message: what ties it to the audit. */
  readonly incident: string | null
}

/** Runs a statement that should be refused, shows what the client sees, and checks SQLSTATE, incident and audit. */
export async function askRefused(
  tour: Tour,
  question: Question & { readonly sqlstate: string; readonly tenants?: string },
): Promise<void> {
  const { transcript } = tour
  const { as, sqlstate, tenants = as } = question
  transcript.statement(as, question.sql)
  const refusal = await refusalOf(await tour.session(as), question)
  if (refusal === null) {
    transcript.check('the statement is refused', false)
    return
  }
  transcript.text(`ERROR ${refusal.sqlstate}: ${refusal.message}`)
  transcript.check(`it is refused with SQLSTATE ${sqlstate}`, refusal.sqlstate === sqlstate)
  const record = refusal.incident === null ? null : await tour.auditRecord(refusal.incident)
  transcript.check(
    `the audit has incident ${refusal.incident ?? '(none in the message)'}, tenant ${tenants}`,
    record?.tenant === tenants && record.sqlstate === sqlstate,
  )
}

async function refusalOf(client: Client, { sql, values = [] }: Question): Promise<SeenRefusal | null> {
  try {
    await client.query(sql, [...values])
    return null
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    const incident = /\bincident ([0-9a-f]{12})\b/.exec(`${error.message} ${error.detail ?? ''}`)?.[1]
    return { sqlstate: error.code ?? '', message: error.message, incident: incident ?? null }
  }
}
