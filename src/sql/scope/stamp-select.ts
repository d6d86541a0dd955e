import type { Node, SelectStmt } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { hasStar } from '../resolve/outputs.js'
import type { Origin } from '../resolve/resolution.js'
import { nextClause, tokenAt } from '../token-reader.js'
import type { ScopeContext, Stamping } from './context.js'
import { type Edit, insert, ONE, type Piece, replace } from './edit.js'
import { tenantCheck, tenantColumnError } from './tenant-value.js'

/** What can follow a target list. */
const CLAUSES = new Set(
  'from into where group having window union intersect except order limit offset fetch for on returning'.split(
    ' ',
  ),
)

/** The tenant's id with its type: in a SELECT nothing else would give it the column's. */
function typedStamp(stamping: Stamping): readonly Piece[] {
  return ["'", ONE, `'::${stamping.type}`]
}

/**
 * Appends the tenant to the target list of each arm.
 *
 * Shape    INSERT INTO orders (id) SELECT a FROM …  →  INSERT INTO public.orders (id, tenant_id) SELECT a, 'acme'::pg_catalog.text FROM …
 */
export function stampSelectArms(
  stamping: Stamping,
  select: SelectStmt,
  context: ScopeContext,
): readonly Edit[] {
  return arms(select).map((arm) => {
    const last = arm.targetList?.at(-1)
    return insert(targetEnd(stamping, last, context), ', ', ...typedStamp(stamping))
  })
}

function arms(select: SelectStmt): readonly SelectStmt[] {
  if (select.larg === undefined || select.rarg === undefined) return [select]
  return [...arms(select.larg), ...arms(select.rarg)]
}

/** Behind the last item of a target list, its alias included. */
function targetEnd(stamping: Stamping, target: Node | undefined, context: ScopeContext): number {
  const location = target !== undefined && 'ResTarget' in target ? (target.ResTarget.location ?? 0) : -1
  const token = location < 0 ? -1 : tokenAt(context.tokens, location)
  if (token < 0) {
    throw new GatewayError(
      'UNSUPPORTED_CONSTRUCT',
      { construct: 'INSERT from this form of SELECT' },
      {
        position: context.position(stamping.target.rangeVar.location),
        hint: 'Write it as SELECT with a list of columns.',
      },
    )
  }
  return context.tokens.ends[nextClause(context.tokens, token, CLAUSES) - 1] ?? 0
}

/**
 * Demands that each arm gives the tenant for the column that the client listed.
 *
 * The tenant column of a guarded relation is the tenant, but an outer join could have made it NULL: the constant takes its place.
 */
export function checkSelectArms(
  stamping: Stamping,
  select: SelectStmt,
  at: { readonly context: ScopeContext; readonly index: number },
): readonly Edit[] {
  return arms(select).flatMap((arm) => {
    const target = hasStar(arm.targetList) ? undefined : arm.targetList?.[at.index]
    const value = target !== undefined && 'ResTarget' in target ? target.ResTarget.val : undefined
    const check = tenantCheck(value, stamping.target)
    if (check !== null) {
      at.context.checks.push(check)
      return []
    }
    const origin = at.context.resolution.outputs.get(arm)?.[at.index]?.origin
    const end = isTenantColumn(origin) ? columnSpan(value, at.context) : null
    if (end === null)
      throw tenantColumnError(
        stamping.target,
        stamping.column,
        at.context.position(stamping.target.rangeVar.location),
      )
    return [replace(end.from, end.to, ...typedStamp(stamping))]
  })
}

function isTenantColumn(origin: Origin | undefined): boolean {
  if (origin?.kind !== 'column' || origin.site.use !== 'read') return false
  return origin.site.access.kind === 'tenant' && origin.site.access.column === origin.column
}

/** A column reference's place in the text, its alias left out. */
function columnSpan(
  value: Node | undefined,
  context: ScopeContext,
): { readonly from: number; readonly to: number } | null {
  if (value === undefined || !('ColumnRef' in value)) return null
  const { tokens } = context
  const start = tokenAt(tokens, value.ColumnRef.location ?? 0)
  const end = start + 2 * (value.ColumnRef.fields?.length ?? 1) - 2
  return { from: tokens.starts[start] ?? 0, to: tokens.ends[end] ?? 0 }
}
