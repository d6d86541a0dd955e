import type { CompiledStatement } from '../sql/compiled.js'
import { forgetPrepared } from './prepared-names.js'
import type { Session } from './session.js'

/** What a statement makes that has rows only by the way. */
const MAKES_TABLE = 'CREATE TABLE AS'

/**
 * Takes note of what a statement that has completed does to its session. False: it does nothing.
 *
 * A cursor that SQL declared under the name of a portal which the client had, and closed, completes like a SELECT: the portal's
 * statement didn't run.
 */
export function noteCompletion(session: Session, statement: CompiledStatement, commandTag: string): boolean {
  const { command, effects } = statement
  const isOfCursor = commandTag.startsWith('SELECT') && command !== 'SELECT' && command !== MAKES_TABLE
  if (isOfCursor || effects.length === 0) return false
  session.settings.apply(effects, commandTag)
  session.lease.pinning.completed(effects, commandTag)
  session.connection?.completed(effects, commandTag)
  forgetPrepared(session, effects)
  return true
}
