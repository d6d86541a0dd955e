import { GatewayError } from '../../core/errors.js'

/** Leaves room for a number in a name, of which the server keeps 63 bytes. */
const MAX_PREFIX_BYTES = 50

/**
 * A prefix for our aliases which stands nowhere in the text.
 *
 * Throws   STATEMENT_TOO_COMPLEX where it would be too long for a name
 */
export function aliasPrefix(text: string): string {
  let longest = 2
  for (const [run] of text.matchAll(/_tg_*/gi)) longest = Math.max(longest, run.length)
  if (longest >= MAX_PREFIX_BYTES) throw new GatewayError('STATEMENT_TOO_COMPLEX', {})
  return `_tg${'_'.repeat(longest - 2)}`
}
