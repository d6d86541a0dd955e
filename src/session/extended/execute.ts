import { frameWithoutSql } from '../../upstream/server-frame.js'
import { BodyReader } from '../../wire/body-reader.js'
import { type Frame, frameView, HEADER_BYTES } from '../../wire/frame.js'
import { Execution } from '../client-statement.js'
import { refuse } from '../refuse.js'
import type { Session } from '../session.js'
import { changesNames } from '../text-effects.js'
import { liftsTimeout, refuseUnbounded } from '../timeout-effects.js'

/** Execute: portals keep the client's names. */
export function execute(session: Session, frame: Frame): boolean {
  const body = new BodyReader('Execute', frame.bytes, { start: frame.start + HEADER_BYTES, end: frame.end })
  const portal = body.cstring()
  const { connection } = session
  try {
    if (!session.knowsPortal(portal)) return false
    if (connection === null) return false
    if (!session.countStatement()) return false
    foresee(session, { portal, cycle: connection.cycle })
    const reply = portal === '' ? session.unnamedExecution : Execution.reply(session.portals, portal)
    connection.send(frameWithoutSql(frameView(frame)), reply)
  } catch (error) {
    refuse(session, { error, text: session.portals.get(portal)?.text ?? null, cycle: 'extended' })
  }
  return true
}

/** What an Execute may do to what comes behind it; a portal that isn't known yet has told with its Bind. */
function foresee(session: Session, run: { readonly portal: string; readonly cycle: number }): void {
  const { lease } = session
  const { limits } = session
  if (lease.liftedIn === run.cycle) refuseUnbounded(limits)
  const compiled = session.portals.get(run.portal)?.compiled
  if (compiled === undefined) return
  if (changesNames(compiled)) lease.namesAreUncertain = true
  session.reading.sending(compiled)
  if (liftsTimeout(compiled.statements, limits)) lease.liftedIn = run.cycle
}
