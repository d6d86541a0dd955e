import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { JSONWebKeySet, JWK } from 'jose'

const MAX_KEYS = 100
const MIN_RSA_BITS = 2_048
const CURVES: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1', 'secp521r1'])
/** A private key's exponent or scalar, and a shared secret. */
const SECRET_PARTS = ['d', 'k'] as const

/**
 * Reads an issuer's key set and gives the keys in it that signatures can be checked with.
 *
 * Keys of types that nobody here knows are left out, as the RFC wants it: issuers have them for others. A set with a
 * secret in it is refused as a whole: it was not meant to be handed out, and whoever has read it can sign.
 *
 * Throws   an Error that quotes nothing of the text
 * Source   RFC 7517, section 5; RFC 8725, section 3.5
 */
export function readKeySet(text: string): JSONWebKeySet {
  const keys = keysOf(parse(text))
  if (keys.length > MAX_KEYS) throw new Error(`the key set has more than ${MAX_KEYS} keys`)
  if (keys.some((key) => SECRET_PARTS.some((part) => Object.hasOwn(key, part))))
    throw new Error('the key set holds a private key or a shared secret')
  const usable = keys.filter(isUsable)
  if (usable.length === 0)
    throw new Error('the key set has no public key that a signature can be checked with')
  return { keys: usable }
}

/** Without the parser's words: they show the text around the mistake. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('the key set is not JSON')
  }
}

function keysOf(set: unknown): readonly JWK[] {
  const keys: unknown = isObject(set) ? set.keys : undefined
  if (!Array.isArray(keys) || !keys.every(isObject)) throw new Error('it is no JSON Web Key Set')
  return keys as readonly JWK[]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isUsable(jwk: JWK): boolean {
  if (jwk.use !== undefined && jwk.use !== 'sig') return false
  const key = imported(jwk)
  if (key === null) return false
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === 'rsa') return (details?.modulusLength ?? 0) >= MIN_RSA_BITS
  return type === 'ed25519' || (type === 'ec' && CURVES.has(details?.namedCurve))
}

function imported(jwk: JWK): KeyObject | null {
  try {
    return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
  } catch {
    return null
  }
}
