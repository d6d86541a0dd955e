import type { DeallocateStmt, ExecuteStmt, PrepareStmt } from '@pgsql/types'
import { unsupported } from '../refusals.js'
import type { Output, Resolver, Scope } from './resolution.js'

/** No relation can be named among the arguments of EXECUTE; a subquery there is the server's to refuse. */
const NOWHERE: Scope = { ctes: null, ranges: null }
/** What the gateway prepares itself, on connections that many sessions use, begins with it. */
const OWN_NAMES = /^_?tg_/

/** PREPARE: the server keeps the statement under the client's own name, and the connection for the session. */
export function resolvePrepare(resolver: Resolver, { name = '', argtypes }: PrepareStmt): void {
  refuseOwnName(name)
  for (const type of argtypes ?? []) resolver.expression(type, NOWHERE)
  resolver.resolution.effects.push({ kind: 'hold', held: 'statement', name, local: false })
}

/** EXECUTE: what it runs was compiled when it was prepared; nobody knows its columns here. */
export function resolveExecute(
  resolver: Resolver,
  { name = '', params }: ExecuteStmt,
): readonly Output[] | null {
  refuseOwnName(name)
  for (const value of params ?? []) resolver.expression(value, NOWHERE)
  resolver.resolution.executes = name
  return null
}

/** Without a name it is DEALLOCATE ALL. */
export function resolveDeallocate(resolver: Resolver, { name }: DeallocateStmt): null {
  refuseOwnName(name ?? '')
  resolver.resolution.effects.push({ kind: 'let-go', held: 'statement', name: name ?? null })
  return null
}

function refuseOwnName(name: string): void {
  if (OWN_NAMES.test(name)) throw unsupported('preparedName')
}
