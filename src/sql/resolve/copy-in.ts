import type { CopyStmt } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { eachChild, type Struct, untag } from '../ast/walk.js'
import { unsupported } from '../refusals.js'
import { relationColumns } from './outputs.js'
import type { Resolver, Scope } from './resolution.js'

/** Resolves COPY … FROM STDIN: its WHERE sees the new row, and nothing else. */
export function resolveCopyIn(resolver: Resolver, statement: CopyStmt, scope: Scope): void {
  const { relation, whereClause } = statement
  if (relation === undefined) throw new GatewayError('UNSUPPORTED_STATEMENT', { statement: 'COPY' })
  const target = resolver.relation(relation, 'copy from', false)
  resolver.resolution.loads.push({ statement, target })
  if (whereClause === undefined) return
  refuseSubqueries(whereClause)
  const range = { name: target.name, columns: relationColumns(target, target.relation) }
  resolver.expression(whereClause, { ctes: null, ranges: { ranges: [range], outer: scope.ranges } })
}

/** As the server does, which has no relation here but the target. */
function refuseSubqueries(whereClause: unknown): void {
  const visit = (kind: string, struct: Struct): void => {
    if (kind === 'SubLink') throw unsupported('copySubquery')
    eachChild(kind as never, struct, visit)
  }
  const root = untag(whereClause)
  if (root !== null) visit(root.kind, root.struct)
}
