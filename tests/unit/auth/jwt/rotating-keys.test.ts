import { generateKeyPairSync } from 'node:crypto'
import { exportJWK } from 'jose'
import { expect, test } from 'vitest'
import { RotatingKeys } from '../../../../src/auth/jwt/rotating-keys.js'

const KEY = await exportJWK(generateKeyPairSync('ed25519').publicKey)
const TOKEN = { payload: '', signature: '' }

function world() {
  const state = { ms: 0, reads: 0, problems: 0, kids: ['a'] as readonly string[] | null }
  const read = async (): Promise<string> => {
    state.reads++
    if (state.kids === null) throw new Error('unreachable')
    return JSON.stringify({ keys: state.kids.map((kid) => ({ ...KEY, kid, alg: 'EdDSA' })) })
  }
  const keys = new RotatingKeys({
    read,
    clock: { now: () => state.ms, monotonicMs: () => state.ms },
    cooldownMs: 1_000,
    maxAgeMs: 60_000,
    onProblem: () => state.problems++,
  })
  const find = (kid: string) => keys.find({ alg: 'EdDSA', kid }, TOKEN)
  return { state, find }
}

test('keys are read once, however many ask', async () => {
  const { state, find } = world()
  await Promise.all([find('a'), find('a'), find('a')])
  expect(state.reads).toBe(1)
})

test('a key that is new is read when a token names it', async () => {
  const { state, find } = world()
  await find('a')
  state.kids = ['b']
  state.ms = 1_000
  await expect(find('b')).resolves.toBeDefined()
  await expect(find('a')).rejects.toThrow()
})

test('made-up names are no requests within the cooldown', async () => {
  const { state, find } = world()
  await find('a')
  for (let time = 0; time < 5; time++) await expect(find(`x${time}`)).rejects.toThrow()
  expect(state.reads).toBe(1)
})

test('an issuer that fails leaves the old keys in force', async () => {
  const { state, find } = world()
  await find('a')
  state.kids = null
  state.ms = 60_000
  await expect(find('a')).resolves.toBeDefined()
  expect(state.problems).toBe(1)
})

test('a key that was withdrawn goes when the keys are old', async () => {
  const { state, find } = world()
  await find('a')
  state.kids = ['b']
  state.ms = 60_000
  await expect(find('a')).rejects.toThrow()
})

test('refused while no keys were ever read, and accepted once they are', async () => {
  const { state, find } = world()
  state.kids = null
  await expect(find('a')).rejects.toThrow()
  state.kids = ['a']
  state.ms = 1_000
  await expect(find('a')).resolves.toBeDefined()
})

test('a key set that can not be used leaves the old keys in force', async () => {
  const { state, find } = world()
  await find('a')
  state.kids = []
  state.ms = 60_000
  await expect(find('a')).resolves.toBeDefined()
  expect(state.problems).toBe(1)
})

test('the first reading says what is wrong', async () => {
  const keys = new RotatingKeys({
    read: async () => '{"keys": []}',
    clock: { now: () => 0, monotonicMs: () => 0 },
    cooldownMs: 0,
    maxAgeMs: 0,
    onProblem: () => {},
  })
  await expect(keys.load()).rejects.toThrow('no public key')
})
