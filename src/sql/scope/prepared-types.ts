import type { PrepareStmt, RawStmt } from '@pgsql/types'
import { untag } from '../ast/walk.js'
import type { CompileContext } from '../compiled.js'
import { strings } from '../resolve/outputs.js'

/** Types whose values a driver declares too, by the names that the parser gives them; the OIDs are fixed in every version. */
const OIDS: ReadonlyMap<string, number> = new Map([
  ['bool', 16],
  ['bytea', 17],
  ['int8', 20],
  ['int2', 21],
  ['int4', 23],
  ['text', 25],
  ['float4', 700],
  ['float8', 701],
  ['bpchar', 1042],
  ['varchar', 1043],
  ['date', 1082],
  ['timestamp', 1114],
  ['timestamptz', 1184],
  ['interval', 1186],
  ['numeric', 1700],
  ['uuid', 2950],
])
/** The type any, which no parameter has: nothing is known of its values. */
const SOME_OTHER = 2276

/** The types that PREPARE declares for its parameters, as Parse would; null for other statements. */
export function preparedTypes(
  raw: RawStmt,
  { snapshot }: Pick<CompileContext, 'snapshot'>,
): readonly number[] | null {
  const statement = untag(raw.stmt ?? {})
  if (statement?.kind !== 'PrepareStmt') return null
  return ((statement.struct as PrepareStmt).argtypes ?? []).map((node) => {
    if (!('TypeName' in node)) return SOME_OTHER
    const { names, arrayBounds, typmods } = node.TypeName
    const name = strings(names).at(-1) ?? ''
    const isPlain = arrayBounds === undefined && typmods === undefined && !snapshot.types.has(name)
    return (isPlain ? OIDS.get(name) : undefined) ?? SOME_OTHER
  })
}
