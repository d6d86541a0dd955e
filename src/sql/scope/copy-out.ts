import { quoteIdentifier } from '../identifier.js'
import { unsupported } from '../refusals.js'
import { strings } from '../resolve/outputs.js'
import type { CopySite, RelationSite } from '../resolve/resolution.js'
import { closing, isWord } from '../token-reader.js'
import type { ScopeContext } from './context.js'
import { type Edit, type Piece, replace } from './edit.js'
import { guardCondition, qualify } from './guard-read.js'
import { relationSpan } from './span.js'
import { guardName } from './via.js'

/**
 * Turns the relation of COPY … TO STDOUT into a guarded query over the same columns.
 *
 * COPY of a table reads that table alone, not its children, and leaves generated columns out.
 *
 * Shape    COPY public.secrets (id) TO STDOUT  →  COPY (SELECT NULL AS id WHERE false) TO STDOUT
 *          COPY orders (id) TO STDOUT  →  COPY (SELECT id FROM (ONLY public.orders JOIN (SELECT) AS _tg1 ON orders.tenant_id OPERATOR(pg_catalog.=) 'acme')) TO STDOUT
 */
export function copyOut({ statement, source }: CopySite, context: ScopeContext): readonly Edit[] {
  if (source.access.kind === 'temporary')
    return qualify(source, relationSpan(context.tokens, source.rangeVar, false))
  const columns = copiedColumns(source, statement.attlist === undefined ? null : strings(statement.attlist))
  const span = relationSpan(context.tokens, source.rangeVar, false)
  const last = statement.attlist === undefined ? span.nextToken - 1 : closing(context.tokens, span.nextToken)
  if (isWord(context.tokens, span.startToken - 1, 'binary')) {
    throw unsupported('copyBinaryWord')
  }
  if (source.access.kind === 'denied')
    return [replace(span.start, context.tokens.ends[last] ?? 0, `(SELECT ${nothing(columns)} WHERE false)`)]
  const list = columns.map((column) => quoteIdentifier(column)).join(', ')
  return [
    replace(
      span.start,
      context.tokens.ends[last] ?? 0,
      `(SELECT ${list} FROM `,
      ...guarded(source, context),
      ')',
    ),
  ]
}

/** What is denied isn't touched: columns of its names, and no row. */
function nothing(columns: readonly string[]): string {
  return columns.map((column) => `NULL AS ${quoteIdentifier(column)}`).join(', ')
}

function guarded(source: RelationSite, context: ScopeContext): readonly Piece[] {
  const name = `ONLY ${quoteIdentifier(source.schema)}.${quoteIdentifier(source.name)}`
  const condition = guardCondition(source, context)
  return condition === null
    ? [name]
    : [`(${name} JOIN (SELECT) AS ${guardName(source, context)} ON `, ...condition, ')']
}

function copiedColumns(source: RelationSite, listed: readonly string[] | null): readonly string[] {
  if (source.relation === null || source.relation.kind !== 'table') {
    throw unsupported('copyOfView')
  }
  const { columns } = source.relation
  if (listed === null) return columns.filter((column) => !column.generated).map((column) => column.name)
  if (columns.some((column) => column.generated && listed.includes(column.name)))
    throw unsupported('copyOfGenerated')
  return listed
}
