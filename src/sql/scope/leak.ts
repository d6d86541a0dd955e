import type { A_Expr, FuncCall, MergeStmt, Node, RawStmt, SelectStmt, SubLink, TypeCast } from '@pgsql/types'
import { totalOperator } from '../../policy/operators.js'
import type { Column } from '../../schema/relation.js'
import type { NodeKind } from '../ast/grammar.js'
import { eachChild, type Struct, untag } from '../ast/walk.js'
import type { CompileContext } from '../compiled.js'
import { bindFunction, typeNames, userOperators } from '../resolve/names.js'
import { constantText, strings } from '../resolve/outputs.js'
import type { Resolution } from '../resolve/resolution.js'
import { isBoundedTimeSum, isTotalPattern } from './leak-constants.js'
import {
  AGGREGATES,
  ALL,
  BETWEEN,
  COMPARING,
  COUNTED_KINDS,
  FROM_KINDS,
  TOTAL_KINDS,
  UNIFYING,
} from './leak-kinds.js'
import { type TypeFacts, typeFacts } from './leak-types.js'
import type { Strength } from './pin.js'

/**
 * 0: can't fail on a row's value; 1: may fail, and the planner counts it as at least one operator;
 * 2: may fail although the planner counts it as free.
 */
type Risk = 0 | 1 | 2

/**
 * Where an expression's value is computed.
 *
 * filter: where the planner may move it down to a scan, in front of a plain pin.
 * projection: at the top of a statement, from rows that have passed every filter.
 */
type Place = 'filter' | 'projection'

/**
 * Chooses how firm a statement's pins have to be (ISOLATION: a filter that fails on another tenant's row shows that row).
 *
 * "Can't fail" is an allow-list of node kinds, operators and functions; whatever isn't on it makes the pins firm, and what
 * the planner counts as free, or doesn't let us count, fences them.
 *
 * Source   PostgreSQL src/backend/optimizer/plan/createplan.c (order_qual_clauses), path/costsize.c (cost_qual_eval_walker)
 */
export function strengthOf(raw: RawStmt, resolution: Resolution, context: CompileContext): Strength {
  const analysis = new LeakAnalysis(
    context,
    typeFacts(raw.stmt ?? ({} as Node), resolution, context),
    resolution.columns,
  )
  const risk = worst(analysis.statement(raw.stmt ?? {}, 'projection'), viewRisk(resolution))
  if (context.kind === 'analyst') return risk === 0 ? 'firm' : 'fence'
  return risk === 0 ? 'plain' : risk === 1 ? 'firm' : 'fence'
}

/** A view's own expressions are its owner's, but they stand beside the pin like the client's. */
function viewRisk(resolution: Resolution): Risk {
  return resolution.relations.some(({ relation }) => relation?.view?.total === false) ? 1 : 0
}

class LeakAnalysis {
  readonly #context: CompileContext
  readonly #types: TypeFacts
  readonly #columns: Resolution['columns']

  constructor(context: CompileContext, types: TypeFacts, columns: Resolution['columns']) {
    this.#context = context
    this.#types = types
    this.#columns = columns
  }

  /** The fields of a statement that are computed at its top; all others are filters, FROM lists and WITH queries. */
  statement(node: unknown, place: Place): Risk {
    const statement = untag(node)
    switch (statement?.kind) {
      case 'SelectStmt':
        return this.#select(statement.struct as SelectStmt, place)
      case 'InsertStmt':
        return this.#write(statement.kind, statement.struct, new Set(['cols', 'returningClause', 'relation']))
      case 'UpdateStmt':
      case 'DeleteStmt':
        return this.#write(
          statement.kind,
          statement.struct,
          new Set(['targetList', 'returningClause', 'relation']),
        )
      case 'MergeStmt':
        return this.#merge(statement.struct as MergeStmt)
      case 'CopyStmt':
      case 'DeclareCursorStmt':
      case 'ExplainStmt':
        return this.statement(statement.struct.query ?? {}, place)
      default:
        return 0
    }
  }

  #select(select: SelectStmt, place: Place): Risk {
    const top = new Set([
      'targetList',
      'valuesLists',
      'sortClause',
      'groupClause',
      'distinctClause',
      'windowClause',
      'lockingClause',
    ])
    return this.#fields('SelectStmt', select as Struct, { place, top })
  }

  /** Where rows without a match in the source are acted on, the join is an outer one: its condition runs on rows that no pin has passed. */
  #merge(statement: MergeStmt): Risk {
    const risk = this.#write('MergeStmt', statement as Struct, new Set(['returningClause', 'relation']))
    const clauses = (statement.mergeWhenClauses ?? []).map((node) => untag(node)?.struct ?? {})
    const isOuter = clauses.some((clause) => clause.matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE')
    return isOuter && risk > 0 ? 2 : risk
  }

  #write(kind: NodeKind, struct: Struct, top: ReadonlySet<string>): Risk {
    return this.#fields(kind, struct, { place: 'projection', top })
  }

  #fields(
    kind: NodeKind,
    struct: Struct,
    how: { readonly place: Place; readonly top: ReadonlySet<string> },
  ): Risk {
    let risk: Risk = 0
    eachChild(kind, struct, (child, value, field) => {
      const isArm = field === 'larg' || field === 'rarg' || field === 'selectStmt'
      const place = isArm || how.top.has(field) ? how.place : 'filter'
      risk = worst(risk, isArm ? this.#select(value as SelectStmt, place) : this.#node(child, value, place))
    })
    return risk
  }

  #node(kind: NodeKind, struct: Struct, place: Place): Risk {
    if (kind === 'RangeVar') return 0
    if (kind === 'SubLink') return this.#sublink(struct as SubLink, place)
    if (kind.endsWith('Stmt')) return this.statement({ [kind]: struct }, 'filter')
    if (kind === 'MergeWhenClause') {
      return this.#fields(kind, struct, { place: 'projection', top: new Set(['targetList', 'values']) })
    }
    if (kind === 'OnConflictClause')
      return this.#fields(kind, struct, { place: 'projection', top: new Set(['targetList', 'infer']) })
    const own = place === 'projection' ? 0 : this.#ownRisk(kind, struct)
    return own === 2 ? 2 : worst(own, this.#children(kind, struct, place))
  }

  #children(kind: NodeKind, struct: Struct, place: Place): Risk {
    if (kind === 'TypeCast') return this.#value(struct.arg, place)
    if (kind === 'FuncCall' && isAggregate(struct as FuncCall))
      return this.#fields(kind, struct, { place: 'projection', top: ALL })
    let risk: Risk = 0
    eachChild(kind, struct, (child, value) => {
      risk = worst(risk, this.#node(child, value, place))
    })
    return risk
  }

  #value(node: unknown, place: Place): Risk {
    const value = untag(node ?? {})
    return value === null ? 0 : this.#node(value.kind, value.struct, place)
  }

  #sublink(struct: SubLink, place: Place): Risk {
    const isValue = struct.subLinkType === 'EXPR_SUBLINK' || struct.subLinkType === 'ARRAY_SUBLINK'
    const operator = struct.operName === undefined ? 0 : this.#operator(strings(struct.operName))
    const inner = this.statement(struct.subselect, isValue ? place : 'filter')
    return worst(worst(this.#value(struct.testexpr, place), operator), inner)
  }

  #ownRisk(kind: NodeKind, struct: Struct): Risk {
    if (UNIFYING.has(kind) && this.#types.mixesTimes) return 1
    if (TOTAL_KINDS.has(kind) || FROM_KINDS.has(kind)) return 0
    if (COUNTED_KINDS.has(kind)) return 1
    if (kind === 'A_Expr') return this.#operatorExpression(struct as A_Expr)
    if (kind === 'TypeCast') return this.#cast(struct as TypeCast)
    if (kind === 'FuncCall') return this.#call(struct as FuncCall)
    if (kind === 'A_ArrayExpr') return this.#array((struct.elements as Node[] | undefined) ?? [])
    return 2
  }

  /** Arrays inside an array fail where their lengths differ; the planner counts nothing for that. */
  #array(elements: readonly Node[]): Risk {
    const isScalar = (node: Node): boolean => {
      const column = 'ColumnRef' in node ? this.#columns.get(node.ColumnRef) : undefined
      return column !== undefined && isScalarType(column)
    }
    return elements.every((element) => isConstantOrParameter(element) || isScalar(element)) ? 0 : 2
  }

  #operatorExpression(struct: A_Expr): Risk {
    const kind = struct.kind ?? ''
    if (kind === 'AEXPR_OP' && isBoundedTimeSum(struct)) return 0
    if (COMPARING.has(kind)) return this.#operator(strings(struct.name))
    if (BETWEEN.has(kind)) return worst(this.#operator(['<=']), this.#operator(['>=']))
    if (kind === 'AEXPR_LIKE') return isTotalPattern(struct.rexpr) ? 0 : 1
    const isOverList = (kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_OP_ALL') && isList(struct.rexpr)
    return isOverList ? this.#operator(strings(struct.name)) : 1
  }

  #operator(parts: readonly string[]): Risk {
    const isTotal = totalOperator(parts.at(-1) ?? '') && this.#isBuiltin(parts)
    return isTotal && !this.#types.mixesNumbers && !this.#types.comparisonFails ? 0 : 1
  }

  /** Overloads by an extension need a column of the extension's types, which `comparisonFails` knows of. */
  #isBuiltin(parts: readonly string[]): boolean {
    return userOperators(parts, this.#context).every((operator) => operator.extension !== null)
  }

  /** A literal is converted once, while parsing; a parameter only takes the type, unless it already has another. */
  #cast(struct: TypeCast): Risk {
    const type = struct.typeName
    const value = untag(struct.arg ?? {})
    const name = strings(type?.names).at(-1) ?? ''
    const isBuiltin = !typeNames(name).some((candidate) => this.#context.snapshot.types.has(candidate))
    const isLiteral = value?.kind === 'A_Const' && isSafeLiteral(value.struct, name)
    const isTyping = value?.kind === 'ParamRef' && this.#types.isTypedOnce(Number(value.struct.number ?? 0))
    if (isBuiltin && (isLiteral || isTyping)) return 0
    return type?.arrayBounds === undefined && !name.startsWith('_') ? 1 : 2
  }

  #call(struct: FuncCall): Risk {
    const parts = strings(struct.funcname)
    if (isAggregate(struct)) return 0
    const { risk } = bindFunction(parts, this.#context)
    return risk === 'total' ? 0 : risk === 'leaky' ? 1 : 2
  }
}

/** No array under any name; a domain could hide one. */
function isScalarType({ builtinType, typeKind, type }: Column): boolean {
  return builtinType && typeKind !== 'domain' && !/(?:\[\]|vector)$/.test(type)
}

function isAggregate(call: FuncCall): boolean {
  return (
    call.over !== undefined || call.agg_star === true || AGGREGATES.has(strings(call.funcname).at(-1) ?? '')
  )
}

const NUMERIC_TYPES = new Set(['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'text', 'varchar'])

/** Strings are converted while parsing; numbers go through a conversion that is folded for these types. */
function isSafeLiteral(constant: Struct, type: string): boolean {
  return (constant.ival === undefined && constant.fval === undefined) || NUMERIC_TYPES.has(type)
}

function isList(node: Node | undefined): boolean {
  return node !== undefined && ('A_ArrayExpr' in node || isConstantOrParameter(node))
}

function isConstantOrParameter(node: Node): boolean {
  const value = 'TypeCast' in node ? node.TypeCast.arg : node
  return value !== undefined && ('ParamRef' in value || 'A_Const' in value || constantText(value) !== null)
}

function worst(a: Risk, b: Risk): Risk {
  return a > b ? a : b
}
