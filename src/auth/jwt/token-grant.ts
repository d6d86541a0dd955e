import type { JWTPayload } from 'jose'
import { TenantId } from '../../core/ids.js'
import type { TokenClaimNames } from './token-rules.js'

/** What a verified token says: as whom its bearer works, and how long. */
export interface TokenGrant {
  /** Never operator: who issues tokens would otherwise own the database. */
  readonly kind: TokenKind
  /** One for app and reader, at least one for analyst. */
  readonly tenants: readonly TenantId[]
  readonly subject: string
  /** The claim `jti`, by which the issuer knows the token; null without one. */
  readonly tokenId: string | null
  /** Wall clock, ms since the epoch; the tolerance is not counted in. */
  readonly expiresAtMs: number
}

const KINDS = ['app', 'reader', 'analyst'] as const
export type TokenKind = (typeof KINDS)[number]

/**
 * What goes into logs and to the client: at most 255 printable ASCII characters.
 *
 * Source   OpenID Connect Core 1.0, section 2 (`sub`)
 */
const NAME = /^[ -~]{1,255}$/
/** The latest moment that a Date can hold. */
const LATEST_MS = 8.64e15

/**
 * Null where a claim is missing, of another type, or says more than one thing; nothing has a default.
 *
 * A token with `cnf` is for who also has a key, which a password can't prove: taken all the same, it would be worth more
 * to a thief than its issuer wanted.
 *
 * Source   RFC 7800, section 3
 */
export function grantOf(payload: JWTPayload, names: TokenClaimNames): TokenGrant | null {
  if (claim(payload, 'cnf') !== undefined) return null
  const kind = KINDS.find((known) => known === claim(payload, names.kind))
  const tenants = tenantsOf(claim(payload, names.tenant), claim(payload, names.tenants))
  const subject = claim(payload, names.subject)
  const tokenId = claim(payload, 'jti') ?? null
  const expiresAtMs = (payload.exp ?? Number.NaN) * 1000
  if (kind === undefined || tenants === null || !isName(subject)) return null
  if (kind !== 'analyst' && tenants.length !== 1) return null
  if (!(expiresAtMs <= LATEST_MS) || !(tokenId === null || isName(tokenId))) return null
  return { kind, tenants, subject, tokenId, expiresAtMs }
}

/** Own properties only: a claim may be called `constructor`. */
function claim(payload: JWTPayload, name: string): unknown {
  return Object.hasOwn(payload, name) ? payload[name] : undefined
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value)
}

/** A token with both claims is refused: which of them counts would be a guess. */
function tenantsOf(one: unknown, several: unknown): readonly TenantId[] | null {
  if (one !== undefined && several !== undefined) return null
  const texts: unknown = one === undefined ? several : [one]
  if (!Array.isArray(texts) || texts.length === 0) return null
  const tenants = texts.filter((text): text is TenantId => typeof text === 'string' && TenantId.is(text))
  return tenants.length === texts.length ? [...new Set(tenants)] : null
}
