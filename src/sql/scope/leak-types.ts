import type { Node } from '@pgsql/types'
import { COMPARISON_FAILS } from '../../policy/operators.js'
import type { Column } from '../../schema/relation.js'
import type { NodeKind } from '../ast/grammar.js'
import { eachChild, type Struct, untag } from '../ast/walk.js'
import type { CompileContext } from '../compiled.js'
import { strings } from '../resolve/outputs.js'
import type { Resolution } from '../resolve/resolution.js'

/** What the types of a statement's columns and parameters say about implicit conversions, which can fail too. */
export interface TypeFacts {
  /** numeric beside float: the server converts numeric to float, which fails on large values and names them. */
  readonly mixesNumbers: boolean
  /** timestamp or date beside timestamptz: where one value is made of both, the conversion fails at the calendar's ends. */
  readonly mixesTimes: boolean
  /** Columns whose comparisons can fail, or are somebody's code: some geometry, composites, base types that aren't PostgreSQL's own. */
  readonly comparisonFails: boolean
  /** Whether each place of a parameter gives it the same type by a cast, and Parse declared none: then the cast converts nothing. */
  isTypedOnce(parameter: number): boolean
}

/** OIDs that drivers declare for parameters, by the type's name in a cast; fixed in every version. */
const BUILTIN_TYPE_OIDS: ReadonlyMap<string, number> = new Map([
  ['bool', 16],
  ['bytea', 17],
  ['int8', 20],
  ['int2', 21],
  ['int4', 23],
  ['text', 25],
  ['json', 114],
  ['varchar', 1043],
  ['date', 1082],
  ['timestamp', 1114],
  ['timestamptz', 1184],
  ['numeric', 1700],
  ['uuid', 2950],
  ['jsonb', 3802],
  ['bool[]', 1000],
  ['int2[]', 1005],
  ['int4[]', 1007],
  ['text[]', 1009],
  ['varchar[]', 1015],
  ['int8[]', 1016],
  ['uuid[]', 2951],
])

const FLOAT_OIDS: ReadonlySet<number> = new Set([700, 701])
const FLOATS = new Set(['pg_catalog.float4', 'pg_catalog.float8'])

/** Gathers them over the whole statement, whatever scope a column belongs to: too cautious is only slower. */
export function typeFacts(root: Node, resolution: Resolution, context: CompileContext): TypeFacts {
  let casts: Map<number, Set<string>> | null = null
  const columns = resolution.relations.flatMap((site) => site.relation?.columns ?? [])
  const types = new Set(columns.map((column) => column.type))
  const castTypes = new Set(resolution.types.map((site) => site.parts.at(-1) ?? ''))
  const hasFloat =
    [...FLOATS].some((type) => types.has(type) || castTypes.has(type.slice('pg_catalog.'.length))) ||
    context.parameterTypes.some((oid) => FLOAT_OIDS.has(oid))
  return {
    mixesNumbers: types.has('pg_catalog.numeric') && hasFloat,
    mixesTimes:
      types.has('pg_catalog.timestamptz') &&
      (types.has('pg_catalog.timestamp') || types.has('pg_catalog.date')),
    comparisonFails: columns.some(isRiskyColumn),
    isTypedOnce(parameter) {
      casts ??= parameterCasts(root)
      const [first, ...others] = casts.get(parameter) ?? []
      const isUnmodified = first !== undefined && first !== '' && !first.endsWith('()')
      const declared = context.parameterTypes[parameter - 1] ?? 0
      const isOwn = declared === 0 || declared === BUILTIN_TYPE_OIDS.get(first?.split('.').at(-1) ?? '')
      return isOwn && others.length === 0 && isUnmodified
    },
  }
}

function isRiskyColumn({ type, builtinType, typeKind }: Column): boolean {
  if (typeKind === 'composite' || (typeKind === 'base' && !builtinType)) return true
  return COMPARISON_FAILS.has(type.replace('pg_catalog.', '').replace('[]', ''))
}

/** Writes down for each parameter of a tree under which casts it stands; '' for none. */
function parameterCasts(node: Node): Map<number, Set<string>> {
  const found = new Map<number, Set<string>>()
  const visit = (kind: NodeKind, struct: Struct, around: string): void => {
    if (kind === 'ParamRef') {
      const number = Number(struct.number ?? 0)
      found.set(number, (found.get(number) ?? new Set()).add(around))
      return
    }
    eachChild(kind, struct, (child, value, field) => {
      visit(child, value, kind === 'TypeCast' && field === 'arg' ? castName(struct) : '')
    })
  }
  const root = untag(node)
  if (root !== null) visit(root.kind, root.struct, '')
  return found
}

function castName(cast: Struct): string {
  const type = cast.typeName as { names?: Node[]; typmods?: Node[]; arrayBounds?: Node[] }
  return `${strings(type.names).join('.')}${type.arrayBounds === undefined ? '' : '[]'}${type.typmods === undefined ? '' : '()'}`
}
