import { type Field, fieldOf, type Level, type Output } from './scope.js'
import type { Select } from './select.js'
import { type Fields, fields, nodes, text, Unproven, walk } from './tree.js'

export interface Barrier {
  readonly select: Select
  readonly level: Level
  readonly outputs: readonly Output[]
}

/**
 * Demands that whatever looks at several rows together looks at one tenant's only.
 *
 * A filter outside reaches below GROUP BY, DISTINCT and a window only by its keys, and below LIMIT not at all: tenants must be
 * apart there already, by a key or by a condition that ties the instance to the query around it.
 */
export function anchorLevel(query: Fields, barrier: Barrier): void {
  if (Array.isArray(query.groupClause)) anchor(groupKeys(query.groupClause, barrier), barrier)
  if (query.havingClause !== undefined && query.groupClause === undefined) anchor([], barrier)
  if (query.distinctClause !== undefined) anchor(distinctKeys(query.distinctClause, barrier), barrier)
  if (query.limitCount !== undefined || query.limitOffset !== undefined) anchor([], barrier)
  for (const window of windows(query, barrier.level)) anchor(window, barrier)
}

function anchor(fieldsOfKeys: readonly (Field | null)[], { level, select }: Barrier): void {
  const keyed = new Set(fieldsOfKeys.flatMap((field) => (select.isTenant(field) ? [field.instance] : [])))
  for (const instance of level.from.instances) {
    if (!select.graph.reaches(instance, (reached) => keyed.has(reached) || isOuter(reached, level)))
      throw new Unproven('rows of several tenants are looked at together')
  }
}

/** Grouped by its whole primary key, a row is a group of its own: its tenant column is as good as named. */
function groupKeys(clause: unknown, { level, select }: Barrier): readonly (Field | null)[] {
  const named = keys(clause, level)
  const implied = named.map((field) => {
    const relation = field === null ? undefined : select.context.relation(field.relation)
    const tenancy = relation === undefined ? undefined : select.context.rules.tenancy(relation)
    if (field === null || tenancy?.kind !== 'tenant' || relation?.primaryKey == null) return null
    const isWhole = relation.primaryKey.every((column) =>
      named.some((other) => other?.instance === field.instance && other.column === column),
    )
    return isWhole ? { ...field, column: tenancy.column } : null
  })
  return [...named, ...implied]
}

function isOuter(instance: number, level: Level): boolean {
  for (let outer = level.outer; outer !== null; outer = outer.outer) {
    if (outer.from.instances.includes(instance)) return true
  }
  return false
}

function keys(expressions: unknown, level: Level): readonly (Field | null)[] {
  if (nodes(expressions).some(({ kind }) => kind === 'GroupingSet')) throw new Unproven('grouping sets')
  return (expressions as readonly unknown[]).map((expression) => fieldOf(expression, level))
}

/** A plain DISTINCT is a list of one empty node. */
function distinctKeys(clause: unknown, { level, outputs }: Barrier): readonly (Field | null)[] {
  const items = clause as readonly object[]
  const isPlain = items.every((item) => Object.keys(item).length === 0)
  return isPlain ? outputs.map(({ field }) => field) : keys(items, level)
}

/** The partition keys of each window function of this level, its own or those of the named window it uses. */
function windows(query: Fields, level: Level): readonly (readonly (Field | null)[])[] {
  const named = new Map(nodes(query.windowClause).map(({ fields: window }) => [text(window.name), window]))
  const found: (readonly (Field | null)[])[] = []
  walk([query.targetList, query.sortClause], ({ kind, fields: call }) => {
    if (kind === 'FuncCall' && call.over !== undefined) {
      const over = fields(call.over)
      const window = named.get(text(over.name) || text(over.refname)) ?? over
      found.push(Array.isArray(window.partitionClause) ? keys(window.partitionClause, level) : [])
    }
    return kind !== 'SubLink'
  })
  return found
}
