import type { A_Expr, Node, RangeVar, SubLink } from '@pgsql/types'
import { totalOperator } from '../../policy/operators.js'
import type { CompileContext } from '../compiled.js'
import { userOperators } from '../resolve/operator-names.js'
import { strings } from '../resolve/outputs.js'
import type { Resolution } from '../resolve/resolution.js'
import { extremeQuery } from './extreme-query.js'
import { isTotalPattern } from './leak-constants.js'
import { BETWEEN, COMPARISONS, ORDERED, PATTERNS } from './leak-kinds.js'
import { areComparable, type Operands } from './leak-operand.js'
import { rowValues } from './leak-shapes.js'
import type { Place, Risk } from './risk.js'

interface Surroundings {
  readonly resolution: Resolution
  readonly context: CompileContext
  readonly query: (node: unknown, place: Place) => Risk
}

/** Comparisons that can't fail, whatever the rows hold. */
export class TotalComparisons {
  readonly #operands: Operands
  readonly #around: Surroundings
  readonly #relations: ReadonlySet<RangeVar>

  constructor(operands: Operands, around: Surroundings, relations: ReadonlySet<RangeVar>) {
    this.#operands = operands
    this.#around = around
    this.#relations = relations
  }

  /** Of a comparison, a list, a range or a pattern. */
  operator(struct: A_Expr): boolean {
    const kind = struct.kind ?? 'AEXPR_OP'
    const items = struct.rexpr !== undefined && 'List' in struct.rexpr ? (struct.rexpr.List.items ?? []) : []
    if (BETWEEN.has(kind)) return items.every((item) => this.#operands.compare(struct.lexpr, item))
    if (PATTERNS.has(kind))
      return this.#operands.family(struct.lexpr) === 'text' && isTotalPattern(struct.rexpr)
    return this.#isTotalName(strings(struct.name)) && this.#isTotalComparison(kind, struct, items)
  }

  /** Overloads on an extension's own types need a column of such a type, which is no operand of a known family. */
  #isTotalName(parts: readonly string[]): boolean {
    const overloads = userOperators(parts, this.#around.context)
    return totalOperator(parts.at(-1) ?? '') && overloads.every((operator) => operator.ownType)
  }

  #isTotalComparison(kind: string, { lexpr, rexpr }: A_Expr, items: readonly Node[]): boolean {
    if (kind === 'AEXPR_IN') return this.#isTotalList(lexpr, items)
    if (kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_OP_ALL') return this.#isTotalArray(lexpr, rexpr)
    if (!COMPARISONS.has(kind)) return false
    return (
      this.#isTotalRow(lexpr, rexpr) || this.#isExtreme(lexpr, rexpr) || this.#operands.compare(lexpr, rexpr)
    )
  }

  /** A column beside the least or greatest value that a subquery finds, whose own filters can't fail. */
  #isExtreme(left: Node | undefined, right: Node | undefined): boolean {
    if (left === undefined || !('ColumnRef' in left) || right === undefined || !('SubLink' in right))
      return false
    const query = extremeQuery(right.SubLink, this.#around.resolution.relations, this.#relations)
    if (query === null || this.#around.context.snapshot.functions.has(query.name)) return false
    const [family, extreme] = [this.#operands.family(left), this.#operands.family(query.column)]
    const isAlike = family !== null && extreme !== null && areComparable(family, extreme)
    const isOrdered = isAlike && ORDERED.has(extreme)
    return isOrdered && this.#around.query(right.SubLink.subselect, { kind: 'source' }) === 0
  }

  /** The values of a list get one type together with the left side: dates beside times would be converted. */
  #isTotalList(left: Node | undefined, items: readonly Node[]): boolean {
    const isTime = this.#operands.family(left) === 'time'
    return items.every(
      (item) => this.#operands.compare(left, item) && (!isTime || this.#operands.family(item) === 'any'),
    )
  }

  #isTotalArray(left: Node | undefined, right: Node | undefined): boolean {
    const [family, elements] = [this.#operands.family(left), this.#operands.elementFamily(right)]
    return family !== null && elements !== null && (family === elements || elements === 'any')
  }

  /** Rows that are both spelled out are compared column by column. */
  #isTotalRow(left: Node | undefined, right: Node | undefined): boolean {
    const [a, b] = [rowValues(left), rowValues(right)]
    if (a === null || b === null) return false
    return a.length === b.length && a.every((value, index) => this.#operands.compare(value, b[index]))
  }

  /** Of a value and the rows of a subquery. */
  membership({ testexpr, subselect, operName }: SubLink): boolean {
    const outputs =
      subselect !== undefined && 'SelectStmt' in subselect
        ? this.#around.resolution.outputs.get(subselect.SelectStmt)
        : undefined
    const target =
      subselect !== undefined && 'SelectStmt' in subselect ? subselect.SelectStmt.targetList?.[0] : undefined
    const value = target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined
    const isTotal = operName === undefined || totalOperator(strings(operName).at(-1) ?? '')
    return isTotal && outputs?.length === 1 && this.#operands.compare(testexpr, value)
  }
}
