import { createHash } from 'node:crypto'

/**
 * A tenant's channel as the server knows it.
 *
 * No tenant's id holds a slash, so that no two tenants have a channel in common. Triggers that want to be heard compute the
 * same: `'tg_' || left(encode(sha256(convert_to(tenant || '/' || channel, 'UTF8')), 'hex'), 40)`.
 */
export function serverChannel(tenant: string, channel: string): string {
  return `tg_${createHash('sha256').update(`${tenant}/${channel}`).digest('hex').slice(0, 40)}`
}
