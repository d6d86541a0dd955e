import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { expect, test } from 'vitest'
import { readKeySet } from '../../../../src/auth/jwt/key-set.js'

const jwk = (key: KeyObject, rest: object = {}) => ({ ...key.export({ format: 'jwk' }), ...rest })
const ed = generateKeyPairSync('ed25519')
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).publicKey

function read(...keys: readonly unknown[]) {
  return readKeySet(JSON.stringify({ keys }))
}

test.each([
  ['RSA of 2048 bits', jwk(rsa)],
  ['P-256', jwk(ec('P-256'))],
  ['P-384', jwk(ec('P-384'))],
  ['P-521', jwk(ec('P-521'))],
  ['Ed25519', jwk(ed.publicKey, { use: 'sig', alg: 'EdDSA' })],
])('takes a key: %s', (_, key) => {
  expect(read(key).keys).toEqual([key])
})

test.each([
  ['for encryption', jwk(ed.publicKey, { use: 'enc' })],
  ['too short', jwk(weak)],
  ['of a curve that no algorithm has', jwk(ec('secp256k1'))],
  ['that only agrees on keys', jwk(generateKeyPairSync('x25519').publicKey)],
  ['of a type to come', { kty: 'LATTICE', kid: 'x' }],
  ['that is incomplete', { kty: 'RSA', e: 'AQAB' }],
])('leaves out a key %s', (_, key) => {
  const good = jwk(ed.publicKey)
  expect(read(key, good).keys).toEqual([good])
  expect(() => read(key)).toThrow('no public key')
})

test.each([
  ['a private key', jwk(ed.privateKey)],
  ['a shared secret', { kty: 'oct', k: 'c2VjcmV0' }],
])('refuses a set with %s in it', (_, key) => {
  expect(() => read(jwk(ed.publicKey), key)).toThrow('holds a private key or a shared secret')
})

test.each(['', 'hunter2', '7', 'null', '[]', '{}', '{"keys": {}}', '{"keys": [null]}', '{"keys": []}'])(
  'refuses what is no key set, and quotes none of it: %j',
  (text) => {
    expect(() => readKeySet(text)).toThrow(/^(the key set|it is no JSON Web Key Set)/)
    expect(() => readKeySet(text)).not.toThrow(/hunter2/)
  },
)

test('refuses a set of too many keys', () => {
  expect(() => read(...new Array(101).fill(jwk(ed.publicKey)))).toThrow('more than 100 keys')
})
