import { createHash, timingSafeEqual } from 'node:crypto'

/** A token of the configuration; only its hash is kept. */
export interface AdminToken {
  readonly name: string
  readonly role: 'viewer' | 'admin'
  /** SHA-256 of the token, 64 hexadecimal digits. */
  readonly sha256: string
}

/**
 * The token that an `Authorization` header carries, or null.
 *
 * Every hash is compared, in constant time: how long it takes tells neither which token was close nor which exists.
 *
 * Source   RFC 6750, section 2.1
 */
export function authenticate(header: string | undefined, tokens: readonly AdminToken[]): AdminToken | null {
  const given = /^Bearer +([\x21-\x7e]+) *$/i.exec(header ?? '')?.[1]
  if (given === undefined) return null
  const hash = createHash('sha256').update(given).digest()
  let found: AdminToken | null = null
  for (const token of tokens) {
    const expected = Buffer.from(token.sha256, 'hex')
    if (expected.length === hash.length && timingSafeEqual(expected, hash)) found = token
  }
  return found
}
