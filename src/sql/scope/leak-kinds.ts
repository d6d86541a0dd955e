import type { NodeKind } from '../ast/grammar.js'

export const COMPARING = new Set([
  'AEXPR_OP',
  'AEXPR_DISTINCT',
  'AEXPR_NOT_DISTINCT',
  'AEXPR_NULLIF',
  'AEXPR_IN',
])
export const BETWEEN = new Set([
  'AEXPR_BETWEEN',
  'AEXPR_NOT_BETWEEN',
  'AEXPR_BETWEEN_SYM',
  'AEXPR_NOT_BETWEEN_SYM',
])

/** Kinds that fail only if a child of theirs does. */
export const TOTAL_KINDS = new Set<NodeKind>([
  'A_Const',
  'A_Star',
  'BitString',
  'BoolExpr',
  'Boolean',
  'BooleanTest',
  'CaseExpr',
  'CaseWhen',
  'CoalesceExpr',
  'CollateClause',
  'ColumnRef',
  'Float',
  'GroupingFunc',
  'GroupingSet',
  'Integer',
  'List',
  'MinMaxExpr',
  'MultiAssignRef',
  'NamedArgExpr',
  'NullTest',
  'ParamRef',
  'ResTarget',
  'RowExpr',
  'SQLValueFunction',
  'SetToDefault',
  'SortBy',
  'String',
])
/** Kinds that may fail and that the planner counts. */
export const COUNTED_KINDS = new Set<NodeKind>(['A_Indirection', 'A_Indices', 'XmlExpr', 'XmlSerialize'])
export const UNIFYING = new Set<NodeKind>(['CaseExpr', 'CoalesceExpr', 'MinMaxExpr'])

/** Computed above every scan whatever is computed on them, from rows that have passed the scan's filters. */
export const AGGREGATES = new Set(
  'array_agg avg bit_and bit_or bool_and bool_or count every json_agg jsonb_agg max min stddev string_agg sum variance'.split(
    ' ',
  ),
)

export const ALL: ReadonlySet<string> = new Set(['args', 'agg_order', 'agg_filter', 'over'])
export const FROM_KINDS = new Set<NodeKind>([
  'Alias',
  'CTECycleClause',
  'CTESearchClause',
  'CommonTableExpr',
  'DefElem',
  'IndexElem',
  'InferClause',
  'JoinExpr',
  'RangeFunction',
  'RangeSubselect',
  'RangeTableSample',
  'ReturningClause',
  'ReturningOption',
  'TypeName',
  'WindowDef',
  'WithClause',
  'LockingClause',
])
