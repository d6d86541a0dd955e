import type { A_Expr, ColumnRef, FuncCall, Node, RangeVar, SubLink, TypeCast } from '@pgsql/types'
import type { NodeKind } from '../ast/grammar.js'
import { eachChild, type Struct, untag } from '../ast/walk.js'
import type { CompileContext } from '../compiled.js'
import { bindFunction } from '../resolve/names.js'
import { isFreeOperator, userOperators } from '../resolve/operator-names.js'
import { strings } from '../resolve/outputs.js'
import type { Resolution } from '../resolve/resolution.js'
import { keepsCall, keepsOperator, keepsTest } from './leak-counted.js'
import {
  AGGREGATES,
  CONSTANT_KINDS,
  COUNTED_KINDS,
  PATTERNS,
  TRANSPARENT_KINDS,
  UNIFYING_KINDS,
} from './leak-kinds.js'
import { isScalar, type Operands } from './leak-operand.js'
import { holdsColumn, isConstrainedType } from './leak-shapes.js'
import { TotalComparisons } from './leak-total.js'
import { type Place, type Risk, worst } from './risk.js'
import { isSimple } from './simple-query.js'

/** What an expression stands in. */
interface At {
  /** Inside something that the planner counts as an operator at least: then the filter as a whole is never free. */
  readonly counted: boolean
  /** In a subquery that runs when a filter first asks for it. */
  readonly lazy: boolean
  /** A subquery that may become a join: what it is compared with is left on its own. */
  readonly joins?: boolean
}

interface Surroundings {
  readonly resolution: Resolution
  readonly context: CompileContext
  readonly query: (node: unknown, place: Place) => Risk
  /** What is computed from rows that have passed. */
  readonly project: (kind: NodeKind, struct: Struct) => Risk
}

/** Judges what stands where the planner may evaluate it on a row before that row's pin. */
export class FilterAnalysis {
  readonly #operands: Operands
  readonly #around: Surroundings
  readonly #relations: ReadonlySet<RangeVar>
  readonly #total: TotalComparisons

  constructor(operands: Operands, around: Surroundings) {
    this.#operands = operands
    this.#around = around
    this.#relations = new Set(around.resolution.relations.map((site) => site.rangeVar))
    this.#total = new TotalComparisons(operands, around, this.#relations)
  }

  /**
   * A conjunct that is a subquery alone either becomes a join, or refers to no row and is asked once before any row is read.
   */
  filter(kind: NodeKind, struct: Struct, lazy: boolean): Risk {
    const isBranch = kind === 'BoolExpr' && struct.boolop !== 'OR_EXPR'
    const joins = kind === 'SubLink'
    if (!isBranch) return this.#node(kind, struct, { counted: joins, lazy, joins })
    const parts = ((struct.args as Node[] | undefined) ?? []).flatMap((node) => untag(node) ?? [])
    const isWhole = struct.boolop === 'AND_EXPR' || parts[0]?.kind === 'SubLink'
    if (!isWhole) return this.#node(kind, struct, { counted: false, lazy })
    return parts.reduce<Risk>((risk, part) => worst(risk, this.filter(part.kind, part.struct, lazy)), 0)
  }

  /** What holds an aggregate or a window function is computed above every scan of its own query; the rest may come below. */
  having(kind: NodeKind, struct: Struct, lazy: boolean): Risk {
    if (kind === 'BoolExpr' && struct.boolop === 'AND_EXPR') {
      const parts = ((struct.args as Node[] | undefined) ?? []).flatMap((node) => untag(node) ?? [])
      return parts.reduce<Risk>((risk, part) => worst(risk, this.having(part.kind, part.struct, lazy)), 0)
    }
    return !lazy && this.#isAbove(kind, struct)
      ? this.#around.project(kind, struct)
      : this.filter(kind, struct, lazy)
  }

  /** An output of a subquery: a column is only handed on, and judged where it is used. */
  output(kind: NodeKind, struct: Struct, lazy: boolean): Risk {
    const value = kind === 'ResTarget' ? untag(struct.val ?? {}) : { kind, struct }
    if (value === null) return 0
    if (value.kind === 'ColumnRef') return this.#handedOn(value.struct as ColumnRef)
    return this.having(value.kind, value.struct, lazy)
  }

  #isAbove(kind: NodeKind, struct: Struct): boolean {
    if (kind === 'SubLink') return false
    if (kind === 'FuncCall' && this.#isAggregate(struct as FuncCall)) return true
    let isAbove = false
    eachChild(kind, struct, (child, value) => {
      isAbove ||= this.#isAbove(child, value)
    })
    return isAbove
  }

  #node(kind: NodeKind, struct: Struct, at: At): Risk {
    if (CONSTANT_KINDS.has(kind)) return 0
    if (TRANSPARENT_KINDS.has(kind))
      return this.#isNullTestOfColumn(kind, struct) ? 0 : this.#inside(kind, struct, at)
    if (UNIFYING_KINDS.has(kind)) return worst(this.#unifying(at), this.#inside(kind, struct, at))
    if (COUNTED_KINDS.has(kind)) return worst(1, this.#inside(kind, struct, at))
    const rule = this.#rules[kind]
    if (rule !== undefined) return rule(struct as never, at)
    return at.counted ? worst(1, this.#inside(kind, struct, at)) : 2
  }

  readonly #rules: Partial<Record<NodeKind, (struct: never, at: At) => Risk>> = {
    A_ArrayExpr: (struct: Struct, at) =>
      worst(this.#array(struct, at), this.#inside('A_ArrayExpr', struct, at)),
    A_Expr: (struct: A_Expr, at) => this.#operator(struct, at),
    ColumnRef: (struct: ColumnRef) => this.#column(struct),
    FuncCall: (struct: FuncCall, at) => this.#call(struct, at),
    RangeFunction: (struct: Struct, at) =>
      worst(1, this.#inside('RangeFunction', { functions: struct.functions }, at)),
    SubLink: (struct: SubLink, at) => this.#sublink(struct, at),
    TypeCast: (struct: TypeCast, at) => this.#cast(struct, at),
  }

  /** What isn't surely a column may be a row, or a call of a function with one. */
  #column(struct: ColumnRef): Risk {
    return this.#operands.family({ ColumnRef: struct }) === null ? worst(1, this.#handedOn(struct)) : 0
  }

  /** `x.f` may be a call of f, where such a function exists. */
  #handedOn(struct: ColumnRef): Risk {
    const name = struct.fields?.at(-1)
    if ((struct.fields?.length ?? 0) < 2 || name === undefined || !('String' in name)) return 0
    const called = name.String.sval ?? ''
    if (!this.#around.context.snapshot.functions.has(called)) return 0
    return bindFunction([called], this.#around.context).risk === 'fenced' ? 2 : 1
  }

  /** A relation's column is there or not, whatever its type. */
  #isNullTestOfColumn(kind: NodeKind, struct: Struct): boolean {
    const value = kind === 'NullTest' ? untag(struct.arg ?? {}) : null
    return value?.kind === 'ColumnRef' && this.#around.resolution.columns.has(value.struct as ColumnRef)
  }

  #inside(kind: NodeKind, struct: Struct, at: At): Risk {
    let risk: Risk = 0
    eachChild(kind, struct, (child, value) => {
      if (child !== 'TypeName' && child !== 'Alias') risk = worst(risk, this.#node(child, value, at))
    })
    return risk
  }

  /** The conversions in CASE and its like are counted, one array's to another may not be. */
  #unifying(at: At): Risk {
    const columns = this.#around.resolution.relations.flatMap((site) => site.relation?.columns ?? [])
    return !at.counted && columns.some((column) => column.type.endsWith('[]')) ? 2 : 1
  }

  #operator(struct: A_Expr, at: At): Risk {
    if (this.#runsOwnCode(struct) || (PATTERNS.has(struct.kind ?? '') && holdsColumn(struct.rexpr))) return 2
    if (this.#total.operator(struct)) return 0
    if (this.#operands.family({ A_Expr: struct }) !== null) return 0
    const counted = at.counted || keepsOperator(struct, this.#operands)
    return worst(1, this.#inside('A_Expr', struct as Struct, { ...at, counted }))
  }

  /** An operator of the schema's own: its function's cost may be nothing, or its body take its place. */
  #runsOwnCode(struct: A_Expr): boolean {
    const { context } = this.#around
    return userOperators(strings(struct.name), context).some((operator) => isFreeOperator(operator, context))
  }

  /**
   * A subquery that refers to nothing outside, or only in what the planner throws away, runs when it is first asked for, and
   * nothing is counted where it is used: if it can fail, its use has to stand inside something counted.
   */
  #sublink(struct: SubLink, at: At): Risk {
    const judged = this.#around.query(struct.subselect, { kind: 'filter', isLazy: true })
    const inner = isSimple(struct.subselect, this.#relations) ? judged : worst(1, judged)
    const uncounted: Risk = at.counted ? 1 : 2
    if (struct.subLinkType === 'EXISTS_SUBLINK') return inner === 0 ? 0 : worst(inner, uncounted)
    if (struct.subLinkType !== 'ANY_SUBLINK' && struct.subLinkType !== 'ALL_SUBLINK')
      return worst(inner, uncounted)
    return inner === 0 && this.#total.membership(struct)
      ? 0
      : worst(
          worst(1, inner),
          this.#value(struct.testexpr, {
            lazy: at.lazy,
            counted: keepsTest(struct, this.#operands) || (at.counted && at.joins !== true),
          }),
        )
  }

  #value(node: Node | undefined, at: At): Risk {
    const value = untag(node ?? {})
    return value === null ? 0 : this.#node(value.kind, value.struct, at)
  }

  #call(struct: FuncCall, at: At): Risk {
    const parts = strings(struct.funcname)
    if (this.#operands.family({ FuncCall: struct }) !== null) return 0
    const { risk } = bindFunction(parts, this.#around.context)
    const own: Risk = risk === 'fenced' ? 2 : 1
    const counted = at.counted || keepsCall(struct, this.#around.context)
    return worst(own, this.#inside('FuncCall', struct as Struct, { ...at, counted }))
  }

  #isAggregate(struct: FuncCall): boolean {
    const name = strings(struct.funcname).at(-1) ?? ''
    const isOwn = this.#around.context.snapshot.functions.has(name)
    return !isOwn && (struct.over !== undefined || AGGREGATES.has(name))
  }

  #cast(struct: TypeCast, at: At): Risk {
    const { arg, typeName } = struct
    if (this.#operands.family({ TypeCast: struct }) !== null) return 0
    const name = strings(typeName?.names).at(-1) ?? ''
    const isBuiltin =
      !this.#around.context.snapshot.types.has(name.replace(/^_+/, '')) &&
      typeName?.names?.length !== undefined
    if (
      isBuiltin &&
      arg !== undefined &&
      'A_Const' in arg &&
      arg.A_Const.sval !== undefined &&
      !isConstrainedType(typeName)
    )
      return 0
    const isArray = typeName?.arrayBounds !== undefined || name.startsWith('_')
    const own: Risk = isArray && !at.counted && this.#mayHoldArray(arg) ? 2 : 1
    return worst(own, this.#value(arg, at))
  }

  /** The planner counts an array's cast by how long a column's arrays are on average, which may be next to nothing. */
  #mayHoldArray(node: Node | undefined): boolean {
    const column =
      node !== undefined && 'ColumnRef' in node
        ? this.#around.resolution.columns.get(node.ColumnRef)
        : undefined
    return column === undefined ? holdsColumn(node) : !isScalar(column)
  }

  /** Arrays inside an array fail where their lengths differ; the planner counts nothing for that. */
  #array(struct: Struct, at: At): Risk {
    const elements = (struct.elements as Node[] | undefined) ?? []
    const isScalar = elements.every((element) => this.#operands.family(element) !== null)
    return isScalar ? 0 : at.counted ? 1 : 2
  }
}
