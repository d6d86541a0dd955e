import type { DeleteStmt, InsertStmt, MergeStmt, Node, ReturningClause, UpdateStmt } from '@pgsql/types'
import { unsupported } from '../refusals.js'
import { withRanges } from './from.js'
import { relationColumns, targetOutputs } from './outputs.js'
import type { FromList, Output, Range, RelationSite, Resolver, Scope } from './resolution.js'
import { resolveWith } from './select.js'

/** Resolves INSERT: its target is never a CTE, its query doesn't see the target. */
export function resolveInsert(
  resolver: Resolver,
  statement: InsertStmt,
  outer: Scope,
): readonly Output[] | null {
  const scope = resolveWith(resolver, statement.withClause, outer)
  const target = resolver.relation(targetOf(statement.relation), 'insert', false)
  resolver.resolution.writes.push({ kind: 'insert', statement, target, ctes: scope.ctes })
  if (statement.selectStmt !== undefined) resolver.statement(statement.selectStmt, scope)
  const range = targetRange(resolver, target)
  const excluded: Range = { name: 'excluded', columns: range.columns }
  resolver.resolution.ranges.push(excluded)
  const inside = withRanges(scope, [range])
  expressions(resolver, statement.cols, inside)
  const conflict = statement.onConflictClause
  if (conflict !== undefined)
    resolver.expression({ OnConflictClause: conflict }, withRanges(scope, [range, excluded]))
  return returning(resolver, statement.returningClause, { scope, ranges: [range] })
}

/** Resolves UPDATE: assignments and WHERE see the target and the FROM list. */
export function resolveUpdate(
  resolver: Resolver,
  statement: UpdateStmt,
  outer: Scope,
): readonly Output[] | null {
  const scope = resolveWith(resolver, statement.withClause, outer)
  const target = resolver.relation(targetOf(statement.relation), 'update', false)
  resolver.resolution.writes.push({ kind: 'update', statement, target, ctes: scope.ctes })
  const ranges = [targetRange(resolver, target), ...resolver.from(statement.fromClause, scope).ranges]
  const inside = withRanges(scope, ranges)
  expressions(resolver, statement.targetList, inside)
  if (statement.whereClause !== undefined) resolver.expression(statement.whereClause, inside)
  return returning(resolver, statement.returningClause, { scope, ranges })
}

/** Resolves DELETE: WHERE sees the target and the USING list. */
export function resolveDelete(
  resolver: Resolver,
  statement: DeleteStmt,
  outer: Scope,
): readonly Output[] | null {
  const scope = resolveWith(resolver, statement.withClause, outer)
  const target = resolver.relation(targetOf(statement.relation), 'delete', false)
  resolver.resolution.writes.push({ kind: 'delete', statement, target })
  const ranges = [targetRange(resolver, target), ...resolver.from(statement.usingClause, scope).ranges]
  if (statement.whereClause !== undefined)
    resolver.expression(statement.whereClause, withRanges(scope, ranges))
  return returning(resolver, statement.returningClause, { scope, ranges })
}

/** Resolves MERGE: conditions and actions see the target and the source. */
export function resolveMerge(
  resolver: Resolver,
  statement: MergeStmt,
  outer: Scope,
): readonly Output[] | null {
  const scope = resolveWith(resolver, statement.withClause, outer)
  const target = resolver.relation(targetOf(statement.relation), 'merge', false)
  resolver.resolution.writes.push({ kind: 'merge', statement, target, ctes: scope.ctes })
  const ranges = [
    targetRange(resolver, target),
    ...resolver.from([statement.sourceRelation ?? {}], scope).ranges,
  ]
  const inside = withRanges(scope, ranges)
  if (statement.joinCondition !== undefined) resolver.expression(statement.joinCondition, inside)
  expressions(resolver, statement.mergeWhenClauses, inside)
  return returning(resolver, statement.returningClause, { scope, ranges })
}

function targetOf(rangeVar: InsertStmt['relation']): NonNullable<InsertStmt['relation']> {
  if (rangeVar === undefined) throw unsupported('targetless')
  return rangeVar
}

function targetRange(resolver: Resolver, site: RelationSite): Range {
  const alias = site.rangeVar.alias
  const name = alias?.aliasname ?? site.rangeVar.relname ?? ''
  const range: Range = { name, site, columns: relationColumns(site, site.relation) }
  resolver.resolution.ranges.push(range)
  return range
}

function expressions(resolver: Resolver, nodes: readonly Node[] | undefined, scope: Scope): void {
  for (const node of nodes ?? []) resolver.expression(node, scope)
}

/** RETURNING may also name the old and the new row. */
function returning(
  resolver: Resolver,
  clause: ReturningClause | undefined,
  visible: { readonly scope: Scope; readonly ranges: readonly Range[] },
): readonly Output[] | null {
  if (clause === undefined) return []
  const [target] = visible.ranges
  const images: Range[] = ['old', 'new'].map((name) => ({ name, columns: target?.columns ?? null }))
  resolver.resolution.ranges.push(...images)
  const inside = withRanges(
    { ctes: visible.scope.ctes, ranges: { ranges: images, outer: visible.scope.ranges } },
    visible.ranges,
  )
  expressions(resolver, clause.exprs, inside)
  expressions(resolver, clause.options, inside)
  const from: FromList = { ranges: visible.ranges, expandable: true }
  return targetOutputs(clause.exprs, from)
}
