import type { UserFunction, UserOperator, UserType } from './functions.js'

export interface FunctionRow extends Omit<UserFunction, 'kind' | 'minArguments' | 'maxArguments'> {
  readonly kind: string
  readonly arguments: number
  readonly defaults: number
  readonly variadic: boolean
}
export type OperatorRow = UserOperator
export interface TypeRow extends Omit<UserType, 'kind'> {
  readonly kind: string
}

/** `pg_type.typtype` in words. */
export const TYPE_KINDS: Readonly<Record<string, UserType['kind']>> = {
  b: 'base',
  c: 'composite',
  d: 'domain',
  e: 'enum',
  r: 'range',
  m: 'multirange',
  p: 'pseudo',
}

const FUNCTION_KINDS: Readonly<Record<string, UserFunction['kind']>> = {
  f: 'function',
  p: 'procedure',
  a: 'aggregate',
  w: 'window',
}

export function buildFunctions(rows: readonly FunctionRow[]): ReadonlyMap<string, readonly UserFunction[]> {
  return byName(
    rows.map(({ kind, arguments: most, defaults, variadic, ...rest }) => ({
      ...rest,
      kind: known(FUNCTION_KINDS, kind),
      minArguments: most - defaults,
      maxArguments: variadic ? Number.POSITIVE_INFINITY : most,
    })),
  )
}

export function buildOperators(rows: readonly OperatorRow[]): ReadonlyMap<string, readonly UserOperator[]> {
  return byName(rows)
}

export function buildTypes(rows: readonly TypeRow[]): ReadonlyMap<string, readonly UserType[]> {
  return byName(rows.map((row) => ({ ...row, kind: known(TYPE_KINDS, row.kind) })))
}

function known<T>(table: Readonly<Record<string, T>>, letter: string): T {
  const value = table[letter]
  if (value === undefined) throw new Error(`the catalogs hold an unknown kind: ${letter}`)
  return value
}

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(item.name, [...(groups.get(item.name) ?? []), item])
  return groups
}
