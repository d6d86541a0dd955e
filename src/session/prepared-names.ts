import { GatewayError } from '../core/errors.js'
import type { CompiledStatement, Effect } from '../sql/compiled.js'
import type { Compilation } from './compilation.js'
import type { Session } from './session.js'

/** A prepared statement that a statement makes by SQL, or names: `name` null is all. */
interface Use {
  readonly kind: 'prepares' | 'executes' | 'forgets'
  readonly name: string | null
}

/**
 * Demands that the session has what a text executes, by SQL, and what it deallocates, by SQL or the protocol.
 *
 * The server keeps a prepared statement as it was compiled: it isn't run once it would compile to something else.
 *
 * False: one of them has to be compiled again, which takes a while.
 *
 * Throws   STATEMENT_UNKNOWN, STATEMENT_DUPLICATE, STATEMENT_STALE, PREPARED_LIMITED
 */
export function demandPrepared(session: Session, compilation: Compilation): boolean {
  const { statements } = compilation.compiled
  if (!namesAny(statements)) return true
  const uses = statements.flatMap(usesOf)
  const known = new Set(session.lease.pinning.held.names('statement'))
  for (const use of uses) {
    if (use.kind === 'prepares') prepares(session, use, { known, compilation })
    else if (!demandKnown(session, use, known)) return false
  }
  return true
}

/** No statement of the many that prepare nothing costs an allocation. */
function namesAny(statements: readonly CompiledStatement[]): boolean {
  for (const { executes, effects } of statements)
    if (executes !== undefined || effects.length > 0) return true
  return false
}

function prepares(
  session: Session,
  { name }: Use,
  { known, compilation }: { readonly known: Set<string>; readonly compilation: Compilation },
): void {
  const statement = name ?? ''
  if (session.statements.has(statement)) throw new GatewayError('STATEMENT_DUPLICATE', { statement })
  // where the server has it already, it refuses this one
  if (!known.has(statement)) {
    const { text } = compilation
    // some may have failed on the server, or gone with its connection
    if (!session.prepared.hasRoom(statement, text.length)) session.prepared.retain(known)
    session.prepared.demandRoom(statement, text.length)
    session.prepared.set(statement, { ...compilation, text: Buffer.from(text) })
  }
  known.add(statement)
}

function demandKnown(session: Session, { kind, name }: Use, known: ReadonlySet<string>): boolean {
  if (name === null || (kind === 'forgets' && session.statements.has(name))) return true
  const statement = name
  const prepared = session.prepared.get(name)
  if (!known.has(name) || prepared === undefined) throw new GatewayError('STATEMENT_UNKNOWN', { statement })
  const isStillSent = kind === 'executes' ? session.isStillSent(prepared) : true
  if (isStillSent === false) throw new GatewayError('STATEMENT_STALE', { statement })
  return isStillSent === true
}

function usesOf({ executes, effects }: CompiledStatement): readonly Use[] {
  if (executes === undefined && effects.length === 0) return []
  const uses = effects.flatMap((effect): readonly Use[] =>
    isOfStatement(effect)
      ? [{ kind: effect.kind === 'hold' ? 'prepares' : 'forgets', name: effect.name }]
      : [],
  )
  return executes === undefined ? uses : [{ kind: 'executes', name: executes }, ...uses]
}

type StatementEffect = Extract<Effect, { readonly kind: 'hold' | 'let-go' }>

function isOfStatement(effect: Effect): effect is StatementEffect {
  return (effect.kind === 'hold' || effect.kind === 'let-go') && effect.held === 'statement'
}

/** A statement has completed: what it forgets was prepared by the protocol, maybe. */
export function forgetPrepared(session: Session, effects: readonly Effect[]): void {
  for (const effect of effects) {
    if (effect.kind === 'discard-all') session.portals.clear()
    const isLetGo = effect.kind === 'let-go' && isOfStatement(effect)
    if (effect.kind === 'discard-all' || (isLetGo && effect.name === null)) {
      session.statements.clear()
      session.prepared.clear()
      session.changes.clear()
    } else if (isLetGo) {
      session.statements.delete(effect.name ?? '')
      session.prepared.delete(effect.name ?? '')
    }
  }
}
