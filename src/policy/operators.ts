import { BUILTIN_OPERATORS } from './operators.generated.js'

/** Whether pg_catalog has an operator of this name; another one of that name is then an overload. */
export function isBuiltinOperator(name: string): boolean {
  return BUILTIN_OPERATORS.has(name)
}

/** Whether no overload of pg_catalog under this name can raise an error that depends on a row's value. */
export function totalOperator(name: string): boolean {
  return BUILTIN_OPERATORS.get(name) === 'total'
}

/**
 * Types of pg_catalog whose comparison itself can fail on a value: areas, lengths and slopes overflow, records differ
 * in shape. A statement that compares one of these is firm.
 */
export const COMPARISON_FAILS: ReadonlySet<string> = new Set(['box', 'circle', 'line', 'lseg', 'record'])
