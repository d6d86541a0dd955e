import { LEAKPROOF_OPERATORS } from './operators.generated.js'

/**
 * Comparison can't fail on a stored value of a scalar type: numeric, text of any deterministic collation, dates across
 * their types (out of range compares as infinite since PostgreSQL 13), uuid, enum equality, jsonb.
 *
 * Two things the name alone doesn't show: an implicit cast in front of it (numeric to float8 overflows), and the types
 * of `COMPARISON_FAILS`.
 */
const COMPARISONS = ['=', '<>', '<', '<=', '>', '>=']

const TOTAL: ReadonlySet<string> = new Set([...COMPARISONS, ...LEAKPROOF_OPERATORS])

/** Whether no overload of pg_catalog under this name can raise an error that depends on a row's value. */
export function totalOperator(name: string): boolean {
  return TOTAL.has(name)
}

/**
 * Types of pg_catalog whose comparison itself can fail on a value: areas, lengths and slopes overflow, records differ
 * in shape. A statement that compares one of these is firm.
 */
export const COMPARISON_FAILS: ReadonlySet<string> = new Set(['box', 'circle', 'line', 'lseg', 'record'])

/**
 * Whether LIKE and ILIKE with this constant pattern can't fail on any text.
 *
 * A pattern that ends in an unpaired backslash fails only on the texts that match all before it, which makes the error
 * an oracle for other tenants' texts, one character at a time. The same holds for a pattern that isn't known when the
 * statement is compiled (a column, a parameter), and for any ESCAPE that isn't the default.
 *
 * Source   src/backend/utils/adt/like_match.c
 */
export function totalLikePattern(pattern: string): boolean {
  const trailing = /\\*$/.exec(pattern)?.[0] ?? ''
  return trailing.length % 2 === 0
}
