import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export const ISSUER = 'https://issuer.example'
export const AUDIENCE = 'tenantgate'

export function signingKey(kid: string): SigningKey {
  return { kid, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) }
}

/** What an issuer hands out. */
export function keySet(...keys: readonly SigningKey[]): string {
  return JSON.stringify({
    keys: keys.map(({ kid, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' })),
  })
}

/** A token of `alice` at `acme`, for a minute, unless told otherwise; a claim that is undefined is left out. */
export function signToken(
  { kid, privateKey }: SigningKey,
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const usual = {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'alice',
    tenant: 'acme',
    kind: 'app',
    iat: now,
    exp: now + 60,
  }
  return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)
}
