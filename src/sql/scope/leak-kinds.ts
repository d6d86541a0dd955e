import type { NodeKind } from '../ast/grammar.js'

/** Operators of comparison; what they compare decides whether they can fail. */
export const COMPARISONS = new Set(['AEXPR_OP', 'AEXPR_DISTINCT', 'AEXPR_NOT_DISTINCT', 'AEXPR_IN'])
export const BETWEEN = new Set([
  'AEXPR_BETWEEN',
  'AEXPR_NOT_BETWEEN',
  'AEXPR_BETWEEN_SYM',
  'AEXPR_NOT_BETWEEN_SYM',
])
export const PATTERNS = new Set(['AEXPR_LIKE', 'AEXPR_ILIKE'])

/** Values that hold no name and no code; `String` is a part of a name. */
export const CONSTANT_KINDS = new Set<NodeKind>([
  'A_Const',
  'GroupingFunc',
  'ParamRef',
  'SQLValueFunction',
  'SetToDefault',
  'String',
])

/** Kinds that are as risky as what stands inside them: they choose or test, and the planner counts nothing for them. */
export const TRANSPARENT_KINDS = new Set<NodeKind>([
  'BoolExpr',
  'BooleanTest',
  'CaseWhen',
  'GroupingSet',
  'List',
  'NamedArgExpr',
  'NullTest',
  'ResTarget',
  'SortBy',
  'WindowDef',
])

/** Kinds that convert what stands inside them to one type, unseen. */
export const UNIFYING_KINDS = new Set<NodeKind>([
  'CaseExpr',
  'CoalesceExpr',
  'MinMaxExpr',
  'MultiAssignRef',
  'RowExpr',
])

/** Kinds that can fail, and that the planner counts as an operator at least. */
export const COUNTED_KINDS = new Set<NodeKind>([
  'A_Indices',
  'A_Indirection',
  'CollateClause',
  'XmlExpr',
  'XmlSerialize',
])

/** Aggregates that are computed above every scan from rows that have passed its filters. */
export const AGGREGATES = new Set(
  'array_agg avg bit_and bit_or bool_and bool_or count every json_agg jsonb_agg max min stddev string_agg sum variance'.split(
    ' ',
  ),
)

/** The planner answers these from an index, by a filter of its own on their argument. */
export const EXTREMES = new Set(['max', 'min'])

/** Families that MIN and MAX have, and that they only compare. */
export const ORDERED = new Set(['float', 'int', 'numeric', 'text', 'time'])
