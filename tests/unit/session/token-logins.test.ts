import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConfigurationError } from '../../../src/config/configuration-error.js'
import { ConfigurationSchema } from '../../../src/config/schema.js'
import { SystemClock } from '../../../src/core/clock.js'
import { openTokenLogins } from '../../../src/session/token-logins.js'

const TOKEN = { payload: '', signature: '' }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantgate-tokens-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function open(jwks: string | null) {
  const problems: unknown[] = []
  const { auth } = ConfigurationSchema.parse({
    upstream: { url: 'postgres://a/b', operatorUrl: 'postgres://a/b' },
    auth: { jwt: jwks === null ? {} : { jwks, issuer: 'i', audience: 'a', user: 'jwt' } },
  })
  const onProblem = (problem: unknown) => problems.push(problem)
  return { logins: await openTokenLogins(auth.jwt, { clock: SystemClock, onProblem }), problems }
}

function keySet(kid: string): string {
  const { publicKey } = generateKeyPairSync('ed25519')
  return JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid }] })
}

test('nothing is opened where the configuration says nothing', async () => {
  expect((await open(null)).logins).toBeNull()
})

test('a file is read when it is needed, and the old keys stay where it is broken', async () => {
  const file = join(folder, 'jwks.json')
  await writeFile(file, keySet('a'))
  const { logins, problems } = await open(file)
  const find = async (kid: string) => logins?.rules.keys({ alg: 'EdDSA', kid }, TOKEN)
  expect(logins).toMatchObject({ user: 'jwt', rules: { issuer: 'i', audience: 'a' } })
  await expect(find('a')).resolves.toBeDefined()
  await writeFile(file, keySet('b'))
  await expect(find('b')).resolves.toBeDefined()
  await expect(find('a')).rejects.toThrow()
  await writeFile(file, 'broken')
  await expect(find('b')).resolves.toBeDefined()
  expect(problems.map(String)).toEqual(['Error: the key set is not JSON'])
})

test.each([
  ['that is missing', 'nowhere.json', /auth\.jwt\.jwks: ENOENT/],
  ['that is no key set', 'broken.json', /auth\.jwt\.jwks: the key set is not JSON/],
])('a file %s keeps the gateway from starting', async (_, name, message) => {
  await writeFile(join(folder, 'broken.json'), 'broken')
  const opening = open(join(folder, name))
  await expect(opening).rejects.toThrow(ConfigurationError)
  await expect(opening).rejects.toThrow(message)
})

test('an issuer that can not be reached keeps nobody from starting', async () => {
  const { logins, problems } = await open('http://127.0.0.1:1/jwks')
  await expect(async () => logins?.rules.keys({ alg: 'EdDSA', kid: 'a' }, TOKEN)).rejects.toThrow()
  expect(problems).toHaveLength(1)
})
