import { type BuiltinFunction, denied } from './builtin-function.js'

/** What the review of an extension says, whatever the policy does. */
export interface ReviewedExtension {
  /** reviewed: the policy may name it; one by one: it may name functions; never: it gets nothing by either. */
  readonly trust: 'reviewed' | 'one by one' | 'never'
  /** Why nothing of it is available; null where something is. */
  readonly reason: string | null
  /** By name, all overloads decided together. Of a reviewed extension one that isn't here is denied. */
  readonly functions: ReadonlyMap<string, BuiltinFunction>
  /** Relations of its own that are everybody's to read. */
  readonly relations: ReadonlySet<string>
}

export function reviewed(
  functions: readonly (readonly [string, BuiltinFunction])[],
  relations: readonly string[] = [],
): ReviewedExtension {
  return { trust: 'reviewed', reason: null, functions: new Map(functions), relations: new Set(relations) }
}

/** The names are those of its functions that are known, so that they are known elsewhere too. */
export function never(reason: string, names: readonly string[]): ReviewedExtension {
  const functions = new Map(names.map((name) => [name, denied(reason)]))
  return { trust: 'never', reason, functions, relations: new Set() }
}

export const oneByOne: ReviewedExtension = {
  trust: 'one by one',
  reason: null,
  functions: new Map(),
  relations: new Set(),
}
