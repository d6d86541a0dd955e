import type {
  A_Expr,
  JoinExpr,
  MergeStmt,
  Node,
  RangeFunction,
  RawStmt,
  SelectStmt,
  SubLink,
} from '@pgsql/types'
import type { NodeKind } from '../ast/grammar.js'
import { eachChild, type Struct, untag } from '../ast/walk.js'
import type { CompileContext } from '../compiled.js'
import { strings } from '../resolve/outputs.js'
import type { Resolution } from '../resolve/resolution.js'
import { FilterAnalysis } from './leak-filter.js'
import { EXTREMES } from './leak-kinds.js'
import { Operands } from './leak-operand.js'
import {
  hasGroupingSets,
  hasUncertainLimit,
  isConstantCall,
  isNamed,
  isOuter,
  unifies,
} from './leak-shapes.js'
import type { Strength } from './pin.js'
import { type Place, type Risk, worst } from './risk.js'

/**
 * Chooses how firm a statement's pins have to be: a filter that fails on another tenant's row shows that row.
 *
 * "Can't fail" is an allow-list of expressions over operands whose types are known; whatever isn't on it makes the pins
 * firm, and what the planner counts as free, or doesn't let us count, fences them.
 *
 * Source   PostgreSQL src/backend/optimizer/plan/createplan.c (order_qual_clauses), path/costsize.c (cost_qual_eval_walker)
 */
export function strengthOf(raw: RawStmt, resolution: Resolution, context: CompileContext): Strength {
  const root = raw.stmt ?? ({} as Node)
  const analysis = new QueryAnalysis(new Operands(root, resolution, context), resolution, context)
  const top: Place = hasUnpinnedScan(resolution) ? { kind: 'filter', isLazy: true } : { kind: 'projection' }
  const risk = worst(worst(analysis.statement(root, top), relationRisk(resolution)), tieRisk(resolution))
  if (context.kind === 'analyst') return risk === 0 ? 'firm' : 'fence'
  return risk === 0 ? 'plain' : risk === 1 ? 'firm' : 'fence'
}

/** A semi-join or a join inside a view confines rows above a scan: even a sort may come below it. */
function hasUnpinnedScan(resolution: Resolution): boolean {
  return resolution.relations.some(
    ({ access, relation, use }) =>
      use !== 'insert' && (access.kind === 'via' || relation?.view?.single === false),
  )
}

/** What an INSERT of a query looks up for each row fails with the row's key in its words. */
function tieRisk(resolution: Resolution): Risk {
  const isTied = resolution.writes.some(
    ({ kind, target }) => kind === 'insert' && target.access.kind === 'via',
  )
  return isTied && hasUnpinnedScan(resolution) ? 1 : 0
}

/** A view's own expressions stand beside the pin like the client's; a virtual column's may be free of cost. */
function relationRisk(resolution: Resolution): Risk {
  const relations = resolution.relations.map((site) => site.relation)
  if (relations.some((relation) => relation?.columns.some((column) => column.virtual))) return 2
  return relations.some((relation) => relation?.view?.total === false) ? 1 : 0
}

const TAILS = new Set([
  'targetList',
  'valuesLists',
  'sortClause',
  'groupClause',
  'distinctClause',
  'windowClause',
])
const LIMITS = new Set(['limitCount', 'limitOffset'])
const PROJECTED: Partial<Record<NodeKind, ReadonlySet<string>>> = {
  InsertStmt: new Set(['cols', 'returningClause', 'onConflictClause']),
  UpdateStmt: new Set(['targetList', 'returningClause']),
  DeleteStmt: new Set(['returningClause']),
  MergeStmt: new Set(['mergeWhenClauses', 'returningClause']),
}
/** Statements whose `query` reads the rows. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'CopyStmt',
  'CreateTableAsStmt',
  'DeclareCursorStmt',
  'ExplainStmt',
  'PrepareStmt',
])
/** Statements that read no rows by a query of their own. */
const WITHOUT_ROWS: ReadonlySet<string> = new Set([
  'ClosePortalStmt',
  'CreateStmt',
  'DeallocateStmt',
  'DiscardStmt',
  'DropStmt',
  'ExecuteStmt',
  'FetchStmt',
  'ListenStmt',
  'LockStmt',
  'NotifyStmt',
  'TransactionStmt',
  'UnlistenStmt',
  'VariableSetStmt',
  'VariableShowStmt',
])
const PROJECTION: Place = { kind: 'projection' }

/** Goes through statements and FROM clauses; filters are judged by `FilterAnalysis`. */
class QueryAnalysis {
  readonly #filters: FilterAnalysis
  readonly #operands: Operands
  readonly #resolution: Resolution
  readonly #known = new Map<SelectStmt, Map<string, Risk>>()

  constructor(operands: Operands, resolution: Resolution, context: CompileContext) {
    this.#operands = operands
    this.#resolution = resolution
    this.#filters = new FilterAnalysis(operands, {
      resolution,
      context,
      query: (node, place) => this.statement(node, place),
      project: (kind, struct) => this.#projection(kind, struct),
    })
  }

  statement(node: unknown, place: Place): Risk {
    const statement = untag(node)
    if (statement === null) return 0
    const { kind, struct } = statement
    if (kind === 'SelectStmt') return this.#select(struct as SelectStmt, place)
    if (WRAPPERS.has(kind)) return this.statement(struct.query ?? {}, place)
    if (PROJECTED[kind] !== undefined) return this.#write(kind, struct, place)
    return WITHOUT_ROWS.has(kind) ? 0 : 2
  }

  /** Where something stands decides how often it is looked at: without a memory that doubles with each level. */
  #select(select: SelectStmt, place: Place): Risk {
    const known = this.#known.get(select) ?? new Map<string, Risk>()
    const key = place.kind === 'filter' ? `${place.kind} ${place.isLazy}` : place.kind
    const risk = known.get(key) ?? this.#judge(select, place)
    this.#known.set(select, known.set(key, risk))
    return risk
  }

  #judge(select: SelectStmt, place: Place): Risk {
    let risk: Risk =
      (place.kind !== 'projection' && unifies(select)) ||
      hasGroupingSets(select) ||
      (isLazy(place) && hasUncertainLimit(select))
        ? 1
        : 0
    eachChild('SelectStmt', select as Struct, (kind, value, field) => {
      risk = worst(risk, this.#clause({ kind, value, field }, place))
    })
    return risk
  }

  #clause({ kind, value, field }: Child, place: Place): Risk {
    if (field === 'larg' || field === 'rarg') return this.#select(value as SelectStmt, place)
    if (field === 'withClause') return this.#with(value, place)
    if (field === 'fromClause') return this.#from(kind, value, place)
    if (field === 'lockingClause' || field === 'intoClause') return 0
    if (LIMITS.has(field)) return this.#projection(kind, value)
    if (field === 'havingClause') return this.#filters.having(kind, value, isLazy(place))
    return TAILS.has(field)
      ? this.#tail(kind, value, place)
      : this.#filters.filter(kind, value, isLazy(place))
  }

  #tail(kind: NodeKind, value: Struct, place: Place): Risk {
    if (place.kind === 'projection') return this.#projection(kind, value)
    if (place.kind === 'source') return 0
    const risk = this.#filters.output(kind, value, isLazy(place))
    return place.kind === 'handed up' && risk === 1 && isNamed(kind, value)
      ? this.#projection(kind, value)
      : risk
  }

  #handUp(place: Place): Place {
    return place.kind === 'projection' ? { kind: 'handed up' } : { kind: 'filter', isLazy: isLazy(place) }
  }

  #with(clause: Struct, place: Place): Risk {
    let risk: Risk = 0
    for (const node of (clause.ctes as Node[] | undefined) ?? []) {
      const query = untag(node)?.struct.ctequery
      risk = worst(risk, this.statement(query, { kind: 'filter', isLazy: isLazy(place) }))
    }
    return risk
  }

  #from(kind: NodeKind, struct: Struct, place: Place): Risk {
    switch (kind) {
      case 'RangeVar':
      case 'RangeTableSample':
        return 0
      case 'RangeSubselect':
        return this.statement(struct.subquery, this.#handUp(place))
      case 'JoinExpr':
        return this.#join(struct, place)
      case 'RangeFunction':
        return isLazy(place) || !isConstantCall(struct as RangeFunction)
          ? this.#filters.filter(kind, struct, isLazy(place))
          : 0
      default:
        return 2
    }
  }

  #join(struct: Struct, place: Place): Risk {
    let risk: Risk = 0
    for (const arm of [struct.larg, struct.rarg]) {
      const item = untag(arm ?? {})
      if (item !== null) risk = worst(risk, this.#from(item.kind, item.struct, place))
    }
    risk = worst(risk, this.#merge(struct as JoinExpr))
    const quals = untag(struct.quals ?? {})
    return quals === null ? risk : worst(risk, this.#filters.filter(quals.kind, quals.struct, isLazy(place)))
  }

  /** USING and NATURAL compare without an operator being written. */
  #merge(struct: JoinExpr): Risk {
    const pairs = this.#resolution.merges.get(struct)
    if (pairs === undefined) return 0
    return pairs?.every(([a, b]) => this.#operands.areAlike(a, b)) ? 0 : 1
  }

  #write(kind: NodeKind, struct: Struct, place: Place): Risk {
    let risk: Risk = 0
    eachChild(kind, struct, (child, value, field) => {
      if (field === 'relation') return
      if (field === 'selectStmt') risk = worst(risk, this.#select(value as SelectStmt, place))
      else if (field === 'withClause') risk = worst(risk, this.#with(value, place))
      else if (field === 'fromClause' || field === 'usingClause' || field === 'sourceRelation') {
        risk = worst(risk, this.#from(child, value, { kind: 'filter', isLazy: isLazy(place) }))
      } else if (PROJECTED[kind]?.has(field)) risk = worst(risk, this.#projection(child, value))
      else risk = worst(risk, this.#filters.filter(child, value, false))
    })
    return kind === 'MergeStmt' && risk > 0 && isOuter(struct as MergeStmt) ? 2 : risk
  }

  /** An index that sorts by distance computes it on every entry it meets, and geometry overflows. */
  #isDistance({ name, lexpr, rexpr }: A_Expr): boolean {
    const columns = [lexpr, rexpr].map((side) =>
      side !== undefined && 'ColumnRef' in side ? this.#resolution.columns.get(side.ColumnRef) : undefined,
    )
    return strings(name).at(-1) === '<->' && columns.some((column) => column?.builtinType === true)
  }

  /** What is computed from rows that have passed: only the queries inside it have filters, and MIN and MAX make one. */
  #projection(kind: NodeKind, struct: Struct): Risk {
    if (kind === 'SubLink') {
      const { subselect, testexpr } = struct as SubLink
      const test = untag(testexpr ?? {})
      return worst(
        this.statement(subselect, PROJECTION),
        test === null ? 0 : this.#projection(test.kind, test.struct),
      )
    }
    if (kind === 'A_Expr' && this.#isDistance(struct as A_Expr)) return 2
    let risk: Risk = 0
    const isExtreme = kind === 'FuncCall' && EXTREMES.has(strings(struct.funcname as Node[]).at(-1) ?? '')
    eachChild(kind, struct, (child, value, field) => {
      const inner =
        isExtreme && field === 'args'
          ? this.#filters.filter(child, value, false)
          : this.#projection(child, value)
      risk = worst(risk, inner)
    })
    return risk
  }
}

interface Child {
  readonly kind: NodeKind
  readonly value: Struct
  readonly field: string
}

function isLazy(place: Place): boolean {
  return place.kind === 'source' || (place.kind === 'filter' && place.isLazy)
}
