import type { Node, SelectStmt } from '@pgsql/types'
import { quoteIdentifier } from '../identifier.js'
import { hasStar, strings } from '../resolve/outputs.js'
import type { Origin, RelationSite } from '../resolve/resolution.js'
import { tokenAt } from '../token-reader.js'
import type { ScopeContext, Stamping } from './context.js'
import { type Edit, insert, ONE, type Piece, replace } from './edit.js'
import { arms } from './insert-rows.js'
import { itemSpans } from './select-items.js'
import { tenantCheck, tenantColumnError } from './tenant-value.js'

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
    const last = itemSpans(stamping, arm, context).at(-1)
    return insert(context.tokens.ends[(last?.to ?? 0) - 1] ?? 0, ', ', ...typedStamp(stamping))
  })
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
  return arms(select).flatMap((arm) => checkArm(stamping, arm, at))
}

function checkArm(
  stamping: Stamping,
  arm: SelectStmt,
  { context, index }: { readonly context: ScopeContext; readonly index: number },
): readonly Edit[] {
  if (isOwnStar(stamping, arm, { context, index })) return []
  const target = hasStar(arm.targetList) ? undefined : arm.targetList?.[index]
  const result = target !== undefined && 'ResTarget' in target ? target.ResTarget : {}
  const check = tenantCheck(result.val, stamping.target, context)
  if (check !== null) {
    context.checks.push(check)
    return []
  }
  const origin = context.resolution.outputs.get(arm)?.[index]?.origin
  const span = isTenantColumn(origin) ? columnSpan(result.val, context) : null
  if (span === null) {
    throw tenantColumnError(
      stamping.target,
      stamping.column,
      context.position(stamping.target.rangeVar.location),
    )
  }
  const name = result.name === undefined ? ` AS ${quoteIdentifier(span.name)}` : ''
  return [replace(span.from, span.to, ...typedStamp(stamping), name)]
}

/**
 * Whether the one `*` of a target list gives the tenant column, of the one relation that is read: no join can have made it NULL.
 *
 * Shape    INSERT INTO orders SELECT * FROM archive  →  INSERT INTO public.orders SELECT * FROM (public.archive JOIN …)
 */
function isOwnStar(
  { target }: Stamping,
  arm: SelectStmt,
  { context, index }: { readonly context: ScopeContext; readonly index: number },
): boolean {
  const targets = arm.targetList ?? []
  const star = targets.findIndex((item) => hasStar([item]))
  const [item, ...others] = arm.fromClause ?? []
  const outputs = context.resolution.outputs.get(arm) ?? []
  const isInside = index >= star && index < star + outputs.length - targets.length + 1
  const origin = outputs[index]?.origin
  if (star < 0 || !isInside || hasStar(targets.slice(star + 1)) || others.length > 0) return false
  if (item === undefined || !('RangeVar' in item) || !isTenantColumn(origin)) return false
  return (
    origin?.kind === 'column' &&
    origin.site.rangeVar === item.RangeVar &&
    tenantType(origin.site) === tenantType(target)
  )
}

function tenantType({ access, relation }: RelationSite): string | undefined {
  const name = access.kind === 'tenant' ? access.column : ''
  return relation?.columns.find((column) => column.name === name)?.type
}

function isTenantColumn(origin: Origin | undefined): boolean {
  if (origin?.kind !== 'column' || origin.site.use !== 'read') return false
  return origin.site.access.kind === 'tenant' && origin.site.access.column === origin.column
}

/** A column reference's place in the text, its alias left out. */
function columnSpan(
  value: Node | undefined,
  context: ScopeContext,
): { readonly from: number; readonly to: number; readonly name: string } | null {
  if (value === undefined || !('ColumnRef' in value)) return null
  const { tokens } = context
  const start = tokenAt(tokens, value.ColumnRef.location ?? 0)
  const end = start + 2 * (value.ColumnRef.fields?.length ?? 1) - 2
  const name = strings(value.ColumnRef.fields).at(-1) ?? ''
  return { from: tokens.starts[start] ?? 0, to: tokens.ends[end] ?? 0, name }
}
