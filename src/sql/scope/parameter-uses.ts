import type { Node } from '@pgsql/types'
import type { NodeKind } from '../ast/grammar.js'
import { eachChild, type Struct, untag } from '../ast/walk.js'
import { strings } from '../resolve/outputs.js'

/** For each parameter of a tree one entry a use: the type of the cast right around it, '' for none. */
export function parameterUses(root: Node): ReadonlyMap<number, readonly string[]> {
  const uses = new Map<number, string[]>()
  const visit = (kind: NodeKind, struct: Struct, around: string): void => {
    // the right side of SET (a, b) = … stands in the tree once for each column
    if (kind === 'MultiAssignRef' && struct.colno !== 1) return
    if (kind === 'ParamRef') {
      const number = Number(struct.number ?? 0)
      const known = uses.get(number)
      if (known === undefined) uses.set(number, [around])
      else known.push(around)
      return
    }
    eachChild(kind, struct, (child, value, field) => {
      visit(child, value, kind === 'TypeCast' && field === 'arg' ? castName(struct) : '')
    })
  }
  const node = untag(root)
  if (node !== null) visit(node.kind, node.struct, '')
  return uses
}

function castName(cast: Struct): string {
  const type = cast.typeName as { names?: Node[]; typmods?: Node[]; arrayBounds?: Node[] }
  return `${strings(type.names).join('.')}${type.arrayBounds === undefined ? '' : '[]'}${type.typmods === undefined ? '' : '()'}`
}
