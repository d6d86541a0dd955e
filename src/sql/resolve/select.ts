import type { CommonTableExpr, Node, SelectStmt, WithClause } from '@pgsql/types'
import { type Struct, untag } from '../ast/walk.js'
import { withRanges } from './from.js'
import { renamed, strings, targetOutputs } from './outputs.js'
import type { CteScope, Output, Resolver, Scope } from './resolution.js'

/** Resolves a SELECT, VALUES, TABLE or set operation, and gives its outputs where they are known. */
export function resolveSelect(
  resolver: Resolver,
  statement: SelectStmt,
  scope: Scope,
): readonly Output[] | null {
  const inner = resolveWith(resolver, statement.withClause, scope)
  if (statement.lockingClause !== undefined) resolver.resolution.locking.push(statement)
  const outputs =
    statement.op === 'SETOP_NONE' || statement.op === undefined
      ? plain(resolver, statement, inner)
      : setOperation(resolver, statement, inner)
  resolver.resolution.outputs.set(statement, outputs)
  return outputs
}

/** Values that may stand in the tails of both forms. */
function tail(resolver: Resolver, statement: SelectStmt, scope: Scope): void {
  for (const node of statement.sortClause ?? []) resolver.expression(node, scope)
  if (statement.limitCount !== undefined) resolver.expression(statement.limitCount, scope)
  if (statement.limitOffset !== undefined) resolver.expression(statement.limitOffset, scope)
}

function setOperation(resolver: Resolver, statement: SelectStmt, scope: Scope): readonly Output[] | null {
  const left = resolver.select(statement.larg ?? {}, scope)
  resolver.select(statement.rarg ?? {}, scope)
  tail(resolver, statement, scope)
  return left?.map((output) => ({ name: output.name, origin: { kind: 'other' } as const })) ?? null
}

function plain(resolver: Resolver, statement: SelectStmt, outer: Scope): readonly Output[] | null {
  const from = resolver.from(statement.fromClause, outer)
  const scope = withRanges(outer, from.ranges)
  markTableCommand(resolver, statement)
  const lists = [
    statement.distinctClause,
    statement.targetList,
    statement.groupClause,
    statement.windowClause,
    statement.valuesLists,
  ]
  for (const list of lists) for (const node of list ?? []) resolver.expression(node, scope)
  if (statement.whereClause !== undefined) resolver.expression(statement.whereClause, scope)
  if (statement.havingClause !== undefined) resolver.expression(statement.havingClause, scope)
  tail(resolver, statement, scope)
  return statement.valuesLists === undefined
    ? targetOutputs(statement.targetList, from)
    : valuesOutputs(statement.valuesLists)
}

function valuesOutputs(rows: readonly Node[]): readonly Output[] {
  const items = (untag(rows[0] ?? {})?.struct.items as readonly Node[] | undefined) ?? []
  return items.map((_item, index) => ({ name: `column${index + 1}`, origin: { kind: 'other' } }))
}

/** `TABLE t` is `SELECT * FROM t` whose star stands nowhere in the text. */
function markTableCommand(resolver: Resolver, statement: SelectStmt): void {
  const target = statement.targetList?.[0]
  const item = statement.fromClause?.[0]
  if (statement.targetList?.length !== 1 || target === undefined || !('ResTarget' in target)) return
  if (target.ResTarget.location !== -1 || item === undefined || !('RangeVar' in item)) return
  resolver.resolution.tableCommands.push(item.RangeVar)
}

/**
 * The scope inside a WITH clause: a query sees itself and what comes later only if the clause is RECURSIVE.
 *
 * Source   PostgreSQL src/backend/parser/parse_cte.c
 */
export function resolveWith(resolver: Resolver, clause: WithClause | undefined, scope: Scope): Scope {
  const queries = (clause?.ctes ?? []).map((node) => untag(node)?.struct as CommonTableExpr)
  let ctes = scope.ctes
  if (clause?.recursive === true) {
    for (const query of queries) ctes = { name: query.ctename ?? '', columns: null, query, outer: ctes }
    for (const query of queries) resolveCte(resolver, query, { ctes, ranges: scope.ranges })
    return { ctes, ranges: scope.ranges }
  }
  for (const query of queries) {
    const columns = resolveCte(resolver, query, { ctes, ranges: scope.ranges })
    ctes = { name: query.ctename ?? '', columns, query, outer: ctes } satisfies CteScope
  }
  return { ctes, ranges: scope.ranges }
}

function resolveCte(resolver: Resolver, query: CommonTableExpr, scope: Scope): readonly Output[] | null {
  const columns = renamed(resolver.statement(query.ctequery, scope), strings(query.aliascolnames))
  const adds: readonly (Struct | undefined)[] = [
    query.search_clause as Struct | undefined,
    query.cycle_clause as Struct | undefined,
  ]
  if (query.cycle_clause !== undefined) {
    for (const value of [query.cycle_clause.cycle_mark_value, query.cycle_clause.cycle_mark_default]) {
      if (value !== undefined) resolver.expression(value, scope)
    }
  }
  return adds.some((added) => added !== undefined) ? null : columns
}
