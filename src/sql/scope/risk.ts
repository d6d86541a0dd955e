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
 * handed up: in FROM of a projected query, which moves an output down only if one of its own filters names it, and there
 * it is judged. source: whose outputs nobody computes, in a lazy subquery.
 */
export type Place =
  | { readonly kind: 'projection' }
  | { readonly kind: 'handed up' }
  | { readonly kind: 'source' }
  | { readonly kind: 'filter'; readonly isLazy: boolean }

export function worst(a: Risk, b: Risk): Risk {
  return a > b ? a : b
}
