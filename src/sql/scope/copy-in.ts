import type { CopyIn } from '../compiled.js'
import { hasBinaryForm } from '../copy-stream/binary-tenant.js'
import { quoteIdentifier } from '../identifier.js'
import { unsupported } from '../refusals.js'
import { strings } from '../resolve/outputs.js'
import type { LoadSite } from '../resolve/resolution.js'
import { closing } from '../token-reader.js'
import type { ScopeContext } from './context.js'
import { copyOptions } from './copy-options.js'
import { type Edit, insert } from './edit.js'
import { qualify } from './guard-read.js'
import { relationSpan } from './span.js'
import { tenantColumnError } from './tenant-value.js'

/** The first version that takes a line of `\.` in CSV for data. */
const MARKER_IS_DATA = 180_000

/**
 * Lists the columns of COPY … FROM STDIN, the tenant's among them; what its rows then go through is `copyInOf`.
 *
 * Shape    COPY orders (id) FROM STDIN  →  COPY public.orders (id, tenant_id) FROM STDIN
 */
export function copyIn(site: LoadSite, context: ScopeContext): readonly Edit[] {
  const { tokens } = context
  const span = relationSpan(tokens, site.target.rangeVar, false)
  if (isOwn(site)) return qualify(site.target, span)
  const { names, isAppended, column } = copiedColumns(site, context)
  if (site.statement.attlist === undefined) {
    const list = names.map((name) => quoteIdentifier(name)).join(', ')
    return [...qualify(site.target, span), insert(tokens.ends[span.nextToken - 1] ?? 0, ` (${list})`)]
  }
  if (!isAppended) return qualify(site.target, span)
  const last = closing(tokens, span.nextToken) - 1
  return [...qualify(site.target, span), insert(tokens.ends[last] ?? 0, `, ${quoteIdentifier(column)}`)]
}

/**
 * What the rows of a COPY … FROM STDIN have to go through.
 *
 * Throws   UNSUPPORTED_CONSTRUCT, TENANT_COLUMN
 */
export function copyInOf(site: LoadSite, context: ScopeContext, serverVersion: number): CopyIn {
  const options = copyOptions(site.statement)
  const common = { ...options, endMarker: serverVersion < MARKER_IS_DATA, relation: site.target.name }
  if (isOwn(site)) return { ...common, column: '', type: '', tenant: 'none', fields: 0, index: 0 }
  const { names, isAppended, column } = copiedColumns(site, context)
  const type = site.target.relation?.columns.find((each) => each.name === column)?.type ?? ''
  if (options.format === 'binary' && !hasBinaryForm(type)) {
    throw unsupported('copyBinaryTenant', { about: { type } })
  }
  return {
    ...common,
    column,
    type,
    tenant: isAppended ? 'append' : 'check',
    fields: names.length,
    index: names.indexOf(column),
  }
}

/** A temporary table has the session's rows, whatever they are. */
function isOwn({ target }: LoadSite): boolean {
  return target.access.kind === 'temporary'
}

interface CopiedColumns {
  /** As the server gets them. */
  readonly names: readonly string[]
  readonly column: string
  readonly isAppended: boolean
}

/** Without a list, a row has every column that isn't generated. */
function copiedColumns({ statement, target }: LoadSite, context: ScopeContext): CopiedColumns {
  const { relation, access } = target
  const column = access.kind === 'tenant' ? access.column : ''
  if (relation?.kind !== 'table' && relation?.kind !== 'partitioned table') {
    throw unsupported('copyIntoView', { position: context.position(target.rangeVar.location) })
  }
  const writable = relation.columns.filter((each) => !each.generated).map((each) => each.name)
  const listed = statement.attlist === undefined ? writable : strings(statement.attlist)
  const isAppended = !listed.includes(column)
  if (!writable.includes(column) || listed.indexOf(column) !== listed.lastIndexOf(column))
    throw tenantColumnError(target, column, context.position(target.rangeVar.location))
  return { names: isAppended ? [...listed, column] : listed, column, isAppended }
}
