import { GatewayError } from '../core/errors.js'
import type { CompiledText } from '../sql/compiled.js'
import { encodeWarning } from './error-message.js'
import { recordRefusal } from './refuse.js'
import type { Session } from './session.js'

/** Whether a text copies relations that this login gets no rows of. */
export function withholds({ statements }: CompiledText): boolean {
  for (const { withheld } of statements) if (withheld !== undefined) return true
  return false
}

/**
 * Says what is missing from a copy: to the client as a warning, to the audit as the refusal that it is.
 *
 * All answers have to be out, or the warning could stand inside one of them.
 */
export function warnOfWithheld(session: Session, { statements }: CompiledText, text: Buffer): void {
  for (const { withheld } of statements) {
    if (withheld === undefined) continue
    const error = new GatewayError(
      'RELATION_DENIED',
      { relation: withheld },
      { detail: 'It was copied without its rows.' },
    )
    recordRefusal(session, error, text)
    session.metrics.refused(error.code)
    session.write(encodeWarning(error))
  }
}
