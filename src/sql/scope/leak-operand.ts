import type { A_Expr, ColumnRef, Node, ParamRef } from '@pgsql/types'
import type { Column } from '../../schema/relation.js'
import { untag } from '../ast/walk.js'
import type { CompileContext } from '../compiled.js'
import { strings } from '../resolve/outputs.js'
import type { Resolution } from '../resolve/resolution.js'
import { isBoundedTimeSum, isClock, literalSum } from './leak-constants.js'
import { parameterUses } from './parameter-uses.js'

/**
 * A family of types that compare with one another without a conversion that could fail.
 *
 * any: a literal or parameter, which takes the other side's type while the statement is parsed.
 */
export type Family = string

const FAMILIES: ReadonlyMap<string, Family> = new Map([
  ['int2', 'int'],
  ['int4', 'int'],
  ['int8', 'int'],
  ['numeric', 'numeric'],
  ['float4', 'float'],
  ['float8', 'float'],
  ['text', 'text'],
  ['varchar', 'text'],
  ['bpchar', 'text'],
  ['uuid', 'uuid'],
  ['bool', 'bool'],
  ['date', 'time'],
  ['timestamp', 'time'],
  ['timestamptz', 'time'],
  ['interval', 'interval'],
  ['bytea', 'bytea'],
  ['inet', 'inet'],
  ['jsonb', 'jsonb'],
])

/** OIDs that drivers declare for parameters; fixed in every version. */
const DECLARED: ReadonlyMap<number, Family> = new Map([
  [16, 'bool'],
  [17, 'bytea'],
  [20, 'int'],
  [21, 'int'],
  [23, 'int'],
  [25, 'text'],
  [700, 'float'],
  [701, 'float'],
  [869, 'inet'],
  [1042, 'text'],
  [1043, 'text'],
  [1082, 'time'],
  [1114, 'time'],
  [1184, 'time'],
  [1186, 'interval'],
  [1700, 'numeric'],
  [2950, 'uuid'],
  [3802, 'jsonb'],
  // arrays, by what they hold
  [1000, 'bool'],
  [1005, 'int'],
  [1007, 'int'],
  [1009, 'text'],
  [1015, 'text'],
  [1016, 'int'],
  [2951, 'uuid'],
])

/** Integers become numeric or float without loss of range; a decimal literal becomes what it is compared with. */
const COMPARABLE = new Set(['int numeric', 'float int', 'decimal int', 'decimal numeric', 'decimal float'])

/** Whether two families compare without a conversion that could fail. */
export function areComparable(a: Family, b: Family): boolean {
  if (a === b || a === 'any' || b === 'any') return true
  const pair = [a, b].sort().join(' ')
  return COMPARABLE.has(pair)
}

/** The families of simple operands: columns of relations, literals, parameters and clocks; null for everything else. */
export class Operands {
  readonly #columns: Resolution['columns']
  readonly #ranges: Resolution['ranges']
  readonly #context: CompileContext
  readonly #uses: () => ReadonlyMap<number, readonly string[]>
  readonly #parameters = new Map<number, Family>()

  constructor(root: Node, resolution: Resolution, context: CompileContext) {
    this.#columns = resolution.columns
    this.#ranges = resolution.ranges
    this.#context = context
    let uses: ReadonlyMap<number, readonly string[]> | null = null
    this.#uses = () => {
      uses ??= parameterUses(root)
      return uses
    }
  }

  /** Whether the two sides of a comparison can be compared without an error, whatever the rows hold. */
  compare(left: Node | undefined, right: Node | undefined): boolean {
    const [a, b] = [this.family(left), this.family(right)]
    if (a === null || b === null || !areComparable(a, b)) return false
    return this.#agrees(left, b) && this.#agrees(right, a)
  }

  /** Whether a name can only mean PostgreSQL's own function. */
  isBuiltinName(name: string): boolean {
    return !this.#context.snapshot.functions.has(name)
  }

  family(node: Node | undefined): Family | null {
    const value = untag(node ?? {})
    switch (value?.kind) {
      case 'ColumnRef':
        return node !== undefined && 'ColumnRef' in node ? this.#columnFamily(node.ColumnRef) : null
      case 'A_Const':
        return literalFamily(value.struct)
      case 'ParamRef':
        return this.#parameterFamily(Number(value.struct.number ?? 0))
      case 'TypeCast':
        return this.#castFamily(value.struct as Cast)
      case 'CoalesceExpr':
      case 'MinMaxExpr':
        return this.#unified((value.struct.args as Node[] | undefined) ?? [])
      case 'A_Expr':
        return node !== undefined && 'A_Expr' in node ? this.#sumFamily(node.A_Expr) : null
      default:
        return isClock(node) ? 'time' : null
    }
  }

  /** A date's type may be the schema's own type of that name. */
  #sumFamily(sum: A_Expr): Family | null {
    if (isBoundedTimeSum(sum) && this.family(sum.lexpr) === 'time') return 'time'
    return literalSum(sum)
  }

  /** COALESCE, GREATEST and LEAST of one family convert nothing; times of several types would be. */
  #unified(values: readonly Node[]): Family | null {
    const families = values.map((value) => this.family(value))
    const [first = 'any', ...others] = families.filter((family) => family !== 'any')
    if (first === 'time' && others.length > 0) return null
    return families.includes(null) || others.some((family) => family !== first) ? null : first
  }

  /** `x.f` counts as a column only if every x of the statement has one: elsewhere it could be a call of f. */
  #columnFamily(reference: ColumnRef): Family | null {
    const names = strings(reference.fields)
    const ranges = this.#ranges.filter((range) => range.name === names.at(-2))
    const isSure =
      names.length < 2 ||
      ranges.every(({ columns }) => columns?.some(({ name }) => name === names.at(-1)) ?? false)
    return isSure ? columnFamily(this.#columns.get(reference)) : null
  }

  /** Whether two columns compare as they are. */
  areAlike(a: Column, b: Column): boolean {
    const family = columnFamily(a)
    return family !== null && family === columnFamily(b)
  }

  /** The family of the elements of `= ANY (…)`'s right side, where it is a list of values or one array value. */
  elementFamily(node: Node | undefined): Family | null {
    if (node === undefined) return null
    if (!('A_ArrayExpr' in node))
      return 'A_Const' in node ? 'any' : 'TypeCast' in node || 'ParamRef' in node ? this.family(node) : null
    const families = (node.A_ArrayExpr.elements ?? []).map((element) => this.family(element))
    const [first = 'any'] = families.filter((family) => family !== 'any')
    return first !== null && families.every((family) => family === 'any' || family === first) ? first : null
  }

  /** A literal is converted once, while the text is parsed; a parameter takes the type if each use of it is this cast. */
  #castFamily({ arg, typeName }: Cast): Family | null {
    const name = strings(typeName?.names).at(-1) ?? ''
    const family = FAMILIES.get(name) ?? null
    if (family === null || this.#context.snapshot.types.has(name) || arg === undefined) return null
    if ('ParamRef' in arg) return this.#isTypedBy(arg.ParamRef, typeName, family) ? family : null
    return 'A_Const' in arg && isSafeLiteral(arg, family) ? family : null
  }

  #isTypedBy(parameter: ParamRef, typeName: Cast['typeName'], family: Family): boolean {
    const number = Number(parameter.number ?? 0)
    const declared = this.#context.parameterTypes[number - 1] ?? 0
    const uses = new Set(this.#uses().get(number))
    const isOnlyThis = uses.size === 1 && !uses.has('') && typeName?.typmods === undefined
    return isOnlyThis && (declared === 0 || DECLARED.get(declared) === family)
  }

  #parameterFamily(number: number): Family | null {
    const declared = this.#context.parameterTypes[number - 1] ?? 0
    if (declared !== 0) return DECLARED.get(declared) ?? null
    const uses = this.#uses().get(number) ?? []
    return uses.length === 1 ? 'any' : null
  }

  /** A parameter without a type has the same one wherever it stands. */
  #agrees(node: Node | undefined, other: Family): boolean {
    if (node === undefined || !('ParamRef' in node)) return true
    const number = Number(node.ParamRef.number ?? 0)
    const known = this.#parameters.get(number)
    this.#parameters.set(number, other)
    return known === undefined || known === other
  }
}

interface Cast {
  readonly arg?: Node
  readonly typeName?: { readonly names?: Node[]; readonly typmods?: Node[] }
}

/** Whether a column holds single values of a type of PostgreSQL's own, made and read by its input and output functions. */
export function isScalar({ type, builtinType, typeKind }: Column): boolean {
  return builtinType && typeKind === 'base' && !type.endsWith('[]') && !type.endsWith('vector')
}

function columnFamily(column: Column | undefined): Family | null {
  if (column === undefined || column.virtual || !column.defaultCollation) return null
  if (column.typeKind === 'enum' && !column.type.endsWith('[]')) return column.type
  if (!column.builtinType || column.typeKind !== 'base') return null
  return FAMILIES.get(column.type.replace('pg_catalog.', '')) ?? null
}

function literalFamily(constant: {
  readonly ival?: unknown
  readonly fval?: unknown
  readonly boolval?: unknown
}): Family {
  if (constant.ival !== undefined) return 'int'
  if (constant.fval !== undefined) return 'decimal'
  return constant.boolval === undefined ? 'any' : 'bool'
}

/** Strings are converted while parsing, numbers by a conversion that is folded for numbers and text. */
function isSafeLiteral(node: Node, family: Family): boolean {
  const isString = 'A_Const' in node && node.A_Const.sval !== undefined
  return isString || ['int', 'numeric', 'float', 'text'].includes(family)
}
