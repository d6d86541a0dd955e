import { generateKeyPairSync } from 'node:crypto'
import { createLocalJWKSet, exportJWK, exportSPKI, SignJWT, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import type { TokenRules } from '../../../../src/auth/jwt/token-rules.js'
import { verifyToken } from '../../../../src/auth/jwt/verify-token.js'

const NOW = 1_800_000_000
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

const RULES: TokenRules = {
  keys: createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig' }] }),
  issuer: 'https://issuer.example',
  audience: 'tenantgate',
  algorithms: ['RS256', 'ES256', 'EdDSA'],
  claims: { subject: 'sub', tenant: 'tenant', tenants: 'tenants', kind: 'kind' },
  clockToleranceSeconds: 5,
}

const GOOD = {
  iss: 'https://issuer.example',
  aud: 'tenantgate',
  sub: 'alice',
  exp: NOW + 60,
  tenant: 'acme',
  kind: 'app',
}

type Claims = Readonly<Record<string, unknown>>

function signed(changes: Claims = {}, { key = privateKey, kid = 'k1' } = {}): Promise<string> {
  return new SignJWT({ ...GOOD, ...changes }).setProtectedHeader({ alg: 'RS256', kid }).sign(key)
}

function judge(token: string) {
  return verifyToken(token, RULES, NOW * 1000)
}

test('a good token gives who, whose, what and how long', async () => {
  expect(await judge(await signed({ jti: 't-1' }))).toEqual({
    kind: 'app',
    tenants: ['acme'],
    subject: 'alice',
    tokenId: 't-1',
    expiresAtMs: (NOW + 60) * 1000,
  })
})

test('an analyst gets each tenant once', async () => {
  const changes = { tenant: undefined, tenants: ['b', 'a', 'b'], kind: 'analyst' }
  expect(await judge(await signed(changes))).toMatchObject({ tenants: ['b', 'a'], tokenId: null })
})

test.each<readonly [string, Claims]>([
  ['ended a moment ago', { exp: NOW - 4 }],
  ['begins in a moment', { nbf: NOW + 4 }],
  ['was issued in a moment', { iat: NOW + 4 }],
  ['is for several gateways', { aud: ['other', 'tenantgate'] }],
  ['says more than it has to', { scope: 'openid', groups: ['a', 'b'] }],
])('taken: a token that %s', async (_, changes) => {
  expect(await judge(await signed(changes))).toMatchObject({ subject: 'alice' })
})

test('claims have the names of the configuration', async () => {
  const claims = { subject: 'email', tenant: 'https://x.example/t', tenants: 'ts', kind: 'constructor' }
  const changes = { email: 'a@b.example', 'https://x.example/t': 'globex', constructor: 'reader' }
  const token = await signed({ ...changes, sub: undefined, tenant: undefined, kind: undefined })
  const grant = await verifyToken(token, { ...RULES, claims }, NOW * 1000)
  expect(grant).toMatchObject({ kind: 'reader', tenants: ['globex'], subject: 'a@b.example' })
})

test.each<readonly [string, Claims]>([
  ['another issuer', { iss: 'https://other.example' }],
  ['an issuer in a list', { iss: ['https://issuer.example'] }],
  ['no issuer', { iss: undefined }],
  ['another audience', { aud: 'other' }],
  ['no audience', { aud: undefined }],
  ['no expiry', { exp: undefined }],
  ['an expiry that is text', { exp: String(NOW + 60) }],
  ['an expiry that is no date', { exp: 1e300 }],
  ['not yet valid', { nbf: NOW + 6 }],
  ['issued in the future', { iat: NOW + 6 }],
  ['an issue that is text', { iat: 'yesterday' }],
  ['no subject', { sub: undefined }],
  ['an empty subject', { sub: '' }],
  ['a subject of several lines', { sub: 'alice\n{}' }],
  ['a subject with a NUL', { sub: 'alice\0' }],
  ['a subject that is too long', { sub: 'x'.repeat(256) }],
  ['an id that is no text', { jti: 7 }],
  ['bound to a key', { cnf: { jkt: 'x' } }],
  ['no tenant', { tenant: undefined }],
  ['a tenant that is a number', { tenant: 7 }],
  ['a tenant that needs quoting', { tenant: "a' OR true --" }],
  ['both tenant claims', { tenants: ['acme'] }],
  ['no tenants', { tenant: undefined, tenants: [], kind: 'analyst' }],
  ['one of several malformed', { tenant: undefined, tenants: ['a', null], kind: 'analyst' }],
  ['several tenants for an app', { tenant: undefined, tenants: ['a', 'b'] }],
  ['no kind', { kind: undefined }],
  ['an operator', { kind: 'operator' }],
  ['an unknown kind', { kind: 'constructor' }],
])('unfit: %s', async (_, changes) => {
  expect(await judge(await signed(changes))).toBe('unfit_token')
})

test('expired, by more than the tolerance', async () => {
  expect(await judge(await signed({ exp: NOW - 6 }))).toBe('expired_token')
})

test('invalid: too large', async () => {
  expect(await judge(await signed({ padding: 'x'.repeat(13_000) }))).toBe('invalid_token')
})

test('invalid: no signature', async () => {
  expect(await judge(new UnsecuredJWT(GOOD).encode())).toBe('invalid_token')
})

test('invalid: the public key as a shared secret', async () => {
  const secret = new TextEncoder().encode(await exportSPKI(publicKey))
  const header = { alg: 'HS256', kid: 'k1' }
  const token = await new SignJWT(GOOD).setProtectedHeader(header).sign(secret)
  expect(await judge(token)).toBe('invalid_token')
})

test('invalid: an unknown key, or the name of a known one with the signature of another', async () => {
  expect(await judge(await signed({}, { kid: 'k2' }))).toBe('invalid_token')
  expect(await judge(await signed({}, { key: stranger }))).toBe('invalid_token')
})

test('invalid: an algorithm that is not on the list', async () => {
  const token = await new SignJWT(GOOD).setProtectedHeader({ alg: 'RS512', kid: 'k1' }).sign(privateKey)
  expect(await judge(token)).toBe('invalid_token')
})

test('invalid: a key that the token brings along', async () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const header = { alg: 'RS256', jwk: await exportJWK(pair.publicKey), jku: 'https://evil.example/jwks' }
  expect(await judge(await new SignJWT(GOOD).setProtectedHeader(header).sign(pair.privateKey))).toBe(
    'invalid_token',
  )
})

test('invalid: changed by a character, whichever part it is in', async () => {
  const token = await signed()
  for (const part of [0, 1, 2]) {
    const parts = token.split('.')
    const text = parts[part] ?? ''
    parts[part] = `${text.slice(0, 9)}${text[9] === 'A' ? 'B' : 'A'}${text.slice(10)}`
    expect(await judge(parts.join('.'))).toBe('invalid_token')
  }
})

test.each(['', '.', '..', 'a.b.c', 'password', 'é.é.é', 'eyJhbGciOiJSUzI1NiJ9..', 'a.b.c.d.e'])(
  'invalid: not a token: %j',
  async (text) => {
    expect(await judge(text)).toBe('invalid_token')
  },
)
