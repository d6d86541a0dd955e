import { describe, expect, test } from 'vitest'
import { ConfigurationError } from '../../../src/config/configuration-error.js'
import { parseConfiguration } from '../../../src/config/parse.js'

const TLS = { mode: 'allow', cert: 'cert.pem', key: 'key.pem' }
const JWT = { jwks: 'jwks.json', issuer: 'https://issuer.example', audience: 'tenantgate' }

/** Each problem without its place. */
function problems(jwt: object, tls: object = TLS): readonly string[] {
  const upstream = { url: 'postgres://a/b', operatorUrl: 'postgres://a/b' }
  const text = JSON.stringify({ upstream, listen: { tls }, auth: { jwt } })
  try {
    parseConfiguration({ file: 'gate', text, variables: {} })
    return []
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.problems.map(({ path, message }) => `${path}: ${message}`)
  }
}

describe('tokens', () => {
  test.each([
    ['a file', 'keys/jwks.json'],
    ['a URL', 'https://issuer.example/jwks'],
    ['an address of this machine', 'http://127.0.0.1:8080/jwks'],
    ['its name', 'http://localhost/jwks'],
    ['its address of version 6', 'http://[::1]:8080/jwks'],
  ])('may have their keys from %s', (_, jwks) => {
    expect(problems({ ...JWT, jwks })).toEqual([])
  })

  test.each([
    'http://issuer.example/jwks',
    'http://127.0.0.1.issuer.example/jwks',
    'http://localhost.issuer.example/jwks',
    'file:///etc/jwks.json',
    'ftp://issuer.example/jwks',
    'https://',
  ])('may not have their keys from %s', (jwks) => {
    expect(problems({ ...JWT, jwks })).toEqual([
      'auth.jwt.jwks: expected a file or an https:// URL; http:// only of this machine',
    ])
  })

  test('have keys that no password leads to', () => {
    expect(problems({ ...JWT, jwks: 'https://a:b@issuer.example/jwks' })).toEqual([
      'auth.jwt.jwks: expected a URL without user name and password',
    ])
  })

  test('need TLS', () => {
    expect(problems(JWT, {})).toEqual(['auth.jwt.jwks: tokens need TLS, and listen.tls.mode is disable'])
  })

  test('need an issuer and an audience, and those need keys', () => {
    expect(problems({ jwks: 'jwks.json' })).toEqual([
      'auth.jwt.issuer: expected what tokens have to say, since auth.jwt.jwks is set',
      'auth.jwt.audience: expected what tokens have to say, since auth.jwt.jwks is set',
    ])
    expect(problems({ audience: 'tenantgate' })).toEqual([
      "auth.jwt.jwks: expected the issuer's keys, since auth.jwt.audience is set",
    ])
  })

  test('say each thing by a claim of its own', () => {
    expect(problems({ ...JWT, claims: { tenant: 'org', tenants: 'org' } })).toEqual([
      'auth.jwt.claims.tenants: names the same claim as auth.jwt.claims.tenant',
    ])
  })

  test.each([[['none']], [['HS256']], [['RS256', 'HS512']], [[]], [['rs256']]])(
    'are not signed by %j',
    (algorithms) => {
      expect(problems({ ...JWT, algorithms }).join()).toMatch(/^auth\.jwt\.algorithms/)
    },
  )
})
