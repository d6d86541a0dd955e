import type { CreateStmt, CreateTableAsStmt, DropStmt, IntoClause, RangeVar } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { accessOf } from '../../policy/decide.js'
import { statementHint } from '../ast/statement-names.js'
import { untag } from '../ast/walk.js'
import type { CompileContext } from '../compiled.js'
import { strings } from './outputs.js'
import type { Resolver, Scope } from './resolution.js'

const NOWHERE: Scope = { ctes: null, ranges: null }

/** CREATE TEMPORARY TABLE: types, defaults, checks and generated columns are looked at like any expression. */
export function resolveCreateTable(resolver: Resolver, statement: CreateStmt): null {
  for (const element of statement.tableElts ?? []) {
    const node = untag(element)
    if (node?.kind === 'TableLikeClause') {
      const { relation } = node.struct as { relation?: RangeVar }
      if (relation !== undefined) resolver.relation(relation, 'like', false)
    } else resolver.expression(element, NOWHERE)
  }
  hold(resolver, statement.relation, { oncommit: statement.oncommit, statement: 'CREATE TABLE' })
  return null
}

/** CREATE TEMPORARY TABLE AS; its query is resolved like any other. */
export function resolveCreateTableAs(resolver: Resolver, { into = {} }: CreateTableAsStmt): void {
  resolveInto(resolver, into, 'CREATE TABLE AS')
}

/** The table that SELECT INTO or CREATE TABLE AS makes. */
export function resolveInto(resolver: Resolver, into: IntoClause, statement: string): void {
  hold(resolver, into.rel, { oncommit: into.onCommit, statement })
}

/** DROP TABLE, of the session's own tables and of what nobody has. */
export function resolveDrop(
  resolver: Resolver,
  { objects, missing_ok }: DropStmt,
  context: Pick<CompileContext, 'snapshot' | 'policy' | 'temporaries'>,
): null {
  for (const object of objects ?? []) {
    const list = untag(object)
    const name = list?.kind === 'List' ? (strings(list.struct.items as never).at(-1) ?? '') : ''
    const isOwn = context.temporaries.includes(name) || (missing_ok === true && isUnknown(name, context))
    if (!isOwn) {
      throw new GatewayError(
        'UNSUPPORTED_STATEMENT',
        { statement: 'DROP TABLE of what is no temporary table' },
        { hint: statementHint('DropStmt') },
      )
    }
    resolver.resolution.effects.push({ kind: 'let-go', held: 'table', name })
  }
  resolver.resolution.temporary.push('DROP TABLE')
  return null
}

function isUnknown(name: string, { snapshot, policy }: Pick<CompileContext, 'snapshot' | 'policy'>): boolean {
  return ['pg_catalog', ...policy.searchPath].every(
    (schema) => accessOf({ schema, name }, snapshot, policy) === undefined,
  )
}

function hold(
  resolver: Resolver,
  relation: RangeVar | undefined,
  { oncommit, statement }: { readonly oncommit: string | undefined; readonly statement: string },
): void {
  const local = oncommit === 'ONCOMMIT_DROP'
  resolver.resolution.effects.push({ kind: 'hold', held: 'table', name: relation?.relname ?? '', local })
  resolver.resolution.temporary.push(statement)
}
