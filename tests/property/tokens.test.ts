import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { createLocalJWKSet, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import type { TokenRules } from '../../src/auth/jwt/token-rules.js'
import { verifyToken } from '../../src/auth/jwt/verify-token.js'

const NOW = 1_800_000_000
const CLAIMS = { iss: 'i', aud: 'a', sub: 's', tenant: 't', kind: 'app', exp: NOW + 60 }
const KEYS = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
} as const satisfies Record<string, { readonly privateKey: KeyObject; readonly publicKey: KeyObject }>
const ALGORITHMS = Object.keys(KEYS) as readonly (keyof typeof KEYS)[]

const RULES: TokenRules = {
  keys: createLocalJWKSet({
    keys: ALGORITHMS.map((kid) => ({ ...KEYS[kid].publicKey.export({ format: 'jwk' }), kid })),
  }),
  issuer: 'i',
  audience: 'a',
  algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
  claims: { subject: 'sub', tenant: 'tenant', tenants: 'tenants', kind: 'kind' },
  clockToleranceSeconds: 0,
}

const VALID = await Promise.all(
  ALGORITHMS.map((alg) =>
    new SignJWT(CLAIMS).setProtectedHeader({ alg, kid: alg }).sign(KEYS[alg].privateKey),
  ),
)

const judge = (token: string) => verifyToken(token, RULES, NOW * 1000)
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url')
const decoded = (token: string) =>
  token.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'))

/** Headers that look like ones, and payloads that look like ones. */
const header = fc.record(
  {
    alg: fc.oneof(
      fc.constantFrom(...ALGORITHMS, 'PS256', 'none', 'HS256', 'ES384', 'constructor'),
      fc.jsonValue(),
    ),
    kid: fc.oneof(fc.constantFrom(...ALGORITHMS), fc.jsonValue()),
    crit: fc.jsonValue(),
    b64: fc.oneof(fc.boolean(), fc.jsonValue()),
    jwk: fc.jsonValue(),
    typ: fc.jsonValue(),
  },
  { requiredKeys: [] },
)
const payload = fc.oneof(fc.constant(CLAIMS), fc.jsonValue())

test('what nobody signed is refused, whatever it looks like', async () => {
  const part = fc.oneof(fc.base64String(), fc.string(), fc.constant(''))
  const anything = fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.'))
  const likely = fc
    .tuple(fc.oneof(header, fc.jsonValue()), payload, fc.uint8Array({ maxLength: 300 }))
    .map(([head, body, end]) => `${encoded(head)}.${encoded(body)}.${Buffer.from(end).toString('base64url')}`)
  await fc.assert(
    fc.asyncProperty(fc.oneof(anything, likely), async (token) => {
      expect(await judge(token)).toBe('invalid_token')
    }),
    { numRuns: 2_000 },
  )
})

test('a token that was changed is refused', async () => {
  for (const token of VALID) expect(await judge(token)).toMatchObject({ subject: 's' })
  const change = fc.tuple(
    fc.constantFrom(...VALID),
    fc.nat(),
    fc.constantFrom('', ...'.-_=Aa0 +/\n'),
    fc.nat(1),
  )
  await fc.assert(
    fc.asyncProperty(change, async ([token, where, text, removed]) => {
      const at = where % token.length
      const changed = token.slice(0, at) + text + token.slice(at + removed)
      // the last character of a part has bits that stand for nothing
      fc.pre(decoded(changed).join('.') !== decoded(token).join('.'))
      expect(await judge(changed)).toBe('invalid_token')
    }),
    { numRuns: 2_000 },
  )
})

test('a token that was signed is a grant, or unfit, or expired', async () => {
  const claim = fc.oneof(fc.jsonValue(), fc.constantFrom('i', 'a', 's', 't', 'app', NOW))
  const claims = fc.record(
    Object.fromEntries(
      ['iss', 'aud', 'sub', 'tenant', 'tenants', 'kind', 'exp', 'nbf', 'iat', 'jti'].map((name) => [
        name,
        claim,
      ]),
    ),
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(claims, async (changes) => {
      const head = { alg: 'EdDSA', kid: 'EdDSA' }
      const token = await new SignJWT({ ...CLAIMS, ...changes })
        .setProtectedHeader(head)
        .sign(KEYS.EdDSA.privateKey)
      const verdict = await judge(token)
      if (typeof verdict === 'string') expect(['unfit_token', 'expired_token']).toContain(verdict)
      else
        expect(verdict).toMatchObject({
          tenants: [expect.stringMatching(/^[\w-]{1,63}$/)],
          subject: expect.any(String),
        })
    }),
    { numRuns: 1_000 },
  )
})
