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

/** Names that pg_catalog gives an operator in every supported version; extensions add overloads for their own types. */
const BUILTIN: ReadonlySet<string> = new Set(
  `= <> < <= > >= + - * / % ^ || ~ ~* !~ !~* ~~ ~~* !~~ !~~* ^@ & | # << >> && @> <@ @? @@ @@@ -> ->> #> #>> #- ? ?| ?& <-> -|- &< &> <<| |>> &<| |&> ?- ?# @ @-@ ## ~= |/ ||/`.split(
    /\s+/,
  ),
)

/** Whether pg_catalog has an operator of this name; another one of that name is then an overload. */
export function isBuiltinOperator(name: string): boolean {
  return BUILTIN.has(name)
}

/** Whether no overload of pg_catalog under this name can raise an error that depends on a row's value. */
export function totalOperator(name: string): boolean {
  return TOTAL.has(name)
}

/**
 * Types of pg_catalog whose comparison itself can fail on a value: areas, lengths and slopes overflow, records differ
 * in shape. A statement that compares one of these is firm.
 */
export const COMPARISON_FAILS: ReadonlySet<string> = new Set(['box', 'circle', 'line', 'lseg', 'record'])
