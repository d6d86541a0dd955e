import type { CompiledText } from '../sql/compiled.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import type { Session } from './session.js'
import { changesNames, standsLast } from './text-effects.js'

/** A text is about to be sent, or bound to a portal: takes note of what it may change before that is known. */
export function anticipate(
  { lease, reading }: Session,
  connection: ServerConnection,
  text: CompiledText,
): void {
  if (changesNames(text)) lease.namesAreUncertain = true
  if (standsLast(text)) lease.standsLast = true
  reading.sending(text)
  lease.pinning.sending(text)
  connection.settingsInDoubt.sending(text)
}
