/**
 * 0: can't fail on a row's value; 1: may fail, and the planner counts it as at least one operator;
 * 2: may fail although the planner counts it as free.
 */
export type Risk = 0 | 1 | 2

/**
 * Where a query's outputs are computed.
 *
 * projection: at the top of a statement, from rows that have passed every filter. filter: where the planner may move
 * them down to a scan; lazy: in a subquery that runs when a filter first asks for it, which may be on any tenant's row.
 */
export type Place = { readonly kind: 'projection' } | { readonly kind: 'filter'; readonly isLazy: boolean }

export function worst(a: Risk, b: Risk): Risk {
  return a > b ? a : b
}
