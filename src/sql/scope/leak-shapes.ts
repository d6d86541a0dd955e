import type { MergeStmt, Node, RangeFunction, SelectStmt, TypeName } from '@pgsql/types'
import type { NodeKind } from '../ast/grammar.js'
import { eachChild, type Struct, untag } from '../ast/walk.js'
import { isUnsigned, strings } from '../resolve/outputs.js'

/** Whether a value depends on a row. A pattern that does, an index may try on every entry, before any pin. */
export function holdsColumn(node: Node | undefined): boolean {
  const tagged = untag(node ?? {})
  if (tagged === null) return false
  let holds = tagged.kind === 'ColumnRef'
  eachChild(tagged.kind, tagged.struct, (kind, struct) => {
    holds ||= holdsColumn({ [kind]: struct } as unknown as Node)
  })
  return holds
}

export function rowValues(node: Node | undefined): readonly Node[] | null {
  return node !== undefined && 'RowExpr' in node ? (node.RowExpr.args ?? []) : null
}

/** Whether a type is one of information_schema's, which are domains with conditions. */
export function isConstrainedType(type: TypeName | undefined): boolean {
  const names = strings(type?.names)
  return names.length > 1 && names.at(-2) !== 'pg_catalog'
}

/** Under a name of its own an output can't be taken for a relation's column; without, the server calls `note::int` note. */
export function isNamed(kind: NodeKind, { name }: Struct): boolean {
  return kind === 'ResTarget' && name !== undefined
}

/** The arms of a set operation and the rows of VALUES get one type, unseen. */
export function unifies({ op, valuesLists }: SelectStmt): boolean {
  const items = (valuesLists ?? []).flatMap((row) => ('List' in row ? (row.List.items ?? []) : []))
  const isMixed =
    (valuesLists?.length ?? 0) > 1 && items.some((item) => !('A_Const' in item || 'ParamRef' in item))
  return (op ?? 'SETOP_NONE') !== 'SETOP_NONE' || isMixed
}

/** Before version 18 the planner takes a column that equals a constant for sorted, where grouping sets make it NULL. */
export function hasGroupingSets({ groupClause }: SelectStmt): boolean {
  return (groupClause ?? []).some((node) => 'GroupingSet' in node)
}

/** `LIMIT -1` fails when it is first asked for a row. */
export function hasUncertainLimit({ limitCount, limitOffset }: SelectStmt): boolean {
  return [limitCount, limitOffset].some((limit) => limit !== undefined && !isUnsigned(limit))
}

/** A set-returning call of values alone runs once, before any row is looked at. */
export function isConstantCall(struct: RangeFunction): boolean {
  let isConstant = true
  const visit = (kind: NodeKind, value: Struct): void => {
    if (kind === 'ColumnRef' || kind === 'SubLink') isConstant = false
    else eachChild(kind, value, visit)
  }
  for (const node of struct.functions ?? []) {
    const list = untag(node)
    if (list !== null) visit(list.kind, list.struct)
  }
  return isConstant
}

/** Rows without a match in the source make the join an outer one: its condition runs on rows that no pin has passed. */
export function isOuter(statement: MergeStmt): boolean {
  return (statement.mergeWhenClauses ?? []).some(
    (node) => untag(node)?.struct.matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE',
  )
}
