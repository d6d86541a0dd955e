import type { ErrorSpec } from '../../src/core/error-spec.js'
import { ERRORS, type ErrorCode } from '../../src/core/errors.js'
import { DISPOSITIONS } from '../../src/sql/ast/dispositions.js'
import { statementHint, statementName, statementReason } from '../../src/sql/ast/statement-names.js'
import { REFUSALS } from '../../src/sql/refusals.js'
import { ADVICE } from './error-advice.js'

/** Refusals of a name, a value or a login inside statements that are supported. */
export const OTHER_REFUSALS = [
  'RELATION_DENIED',
  'RELATION_READ_ONLY',
  'FUNCTION_UNKNOWN',
  'FUNCTION_DENIED',
  'OPERATOR_DENIED',
  'TYPE_DENIED',
  'TENANT_COLUMN',
  'TENANT_MISMATCH',
  'PATTERN_ESCAPE',
  'SETTING_DENIED',
  'SETTING_VALUE',
  'EXPLAIN_DENIED',
  'LOGIN_READ_ONLY',
  'STATEMENT_TOO_LARGE',
  'STATEMENT_TOO_COMPLEX',
] as const satisfies readonly ErrorCode[]

/** The generated end of `docs/supported-sql.md`. */
export function refusalsTables(): string {
  return `### Statements

| SQLSTATE | statement | reason | instead |
|---|---|---|---|
${statementRows().join('\n')}

### Parts of supported statements

| SQLSTATE | construct | reason | instead |
|---|---|---|---|
${Object.values(REFUSALS)
  .map(({ construct, reason, instead }) => row(['0A000', construct, reason, instead]))
  .join('\n')}

### Names, values and logins

What each code means is in [errors.md](errors.md).

| SQLSTATE | code | message | reason and way out |
|---|---|---|---|
${OTHER_REFUSALS.map((code) => row([ERRORS[code].sqlstate, `\`${code}\``, message(ERRORS[code]), ADVICE[code]])).join('\n')}
`
}

/** Statements of one reason and one way out share a row. */
function statementRows(): readonly string[] {
  const groups = new Map<string, Set<string>>()
  for (const [kind, disposition] of Object.entries(DISPOSITIONS)) {
    if (disposition !== 'refuse' || !kind.endsWith('Stmt') || INNER.has(kind)) continue
    const key = [statementReason(kind), statementHint(kind)].join('\n')
    groups.set(key, (groups.get(key) ?? new Set()).add(shortened(statementName(kind))))
  }
  return [...groups].map(([key, names]) => {
    const [reason = '', instead = ''] = key.split('\n')
    return row([
      '0A000',
      [...names]
        .sort()
        .map((name) => `\`${name}\``)
        .join(', '),
      reason,
      instead,
    ])
  })
}

/** There are too many of them to name. */
function shortened(name: string): string {
  return name.replace(/^(CREATE|ALTER|DROP)\b.*/, '$1 …')
}

/** Parts of PL/pgSQL and of parse trees, which no client can send as a statement. */
const INNER = new Set(['PLAssignStmt', 'ReturnStmt', 'SetOperationStmt'])

function message(spec: ErrorSpec<never>): string {
  const names = new Proxy({}, { get: (_, name) => `‹${String(name)}›` })
  return spec.message(names as never)
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}
