import type { ErrorSpec } from '../../src/core/error-spec.js'
import { ERRORS } from '../../src/core/errors.js'
import { REFUSALS } from '../../src/sql/refusals.js'
import { OTHER_REFUSALS } from '../docs/refusals-tables.js'

const CONSTRUCTS = Object.values(REFUSALS)
  .map(({ construct }) => construct)
  // ‹node› alone would name anything
  .sort((a, b) => b.replace(/‹\w+›/g, '').length - a.replace(/‹\w+›/g, '').length)
  .map((construct) => ({
    rule: construct,
    pattern: patternOf(`0A000 ${construct} is not available through the gateway`),
  }))

const STATEMENT = /^0A000 (?:COPY with|[A-Z][A-Z …]+\b).* is not available through the gateway$/

const OTHERS = OTHER_REFUSALS.map((code) => ({
  rule: code,
  pattern: patternOf(`${ERRORS[code].sqlstate} ${sentence(ERRORS[code])}`),
}))

/** The row of docs/supported-sql.md that names a refusal, given as SQLSTATE and message; null where none does. */
export function ruleOf(refusal: string): string | null {
  const named = [...OTHERS, ...CONSTRUCTS].find(({ pattern }) => pattern.test(refusal))
  if (named !== undefined && named.rule !== '‹node›') return named.rule
  return STATEMENT.test(refusal) ? refusal.slice('0A000 '.length) : (named?.rule ?? null)
}

function sentence(spec: ErrorSpec<never>): string {
  const names = new Proxy({}, { get: (_, name) => `‹${String(name)}›` })
  return spec.message(names as never)
}

function patternOf(text: string): RegExp {
  const parts = text.split(/‹\w+›/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`)
}
