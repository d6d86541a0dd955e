import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTokens } from '../../../src/composition/tokens.js'
import { ConfigurationSchema } from '../../../src/config/schema.js'
import { testCatalog } from '../../support/gateway.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenantgate-open-tokens-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function open(jwt: object) {
  const lines: string[] = []
  const configuration = ConfigurationSchema.parse({
    upstream: { url: 'postgres://a/b', operatorUrl: 'postgres://a/b' },
    auth: { jwt },
  })
  const logger = pino({}, { write: (line: string) => lines.push(line) })
  return { tokens: await openTokens(configuration, testCatalog(), logger), lines }
}

test('a login that can no longer be used is a warning', async () => {
  const jwks = join(folder, 'jwks.json')
  const { publicKey } = generateKeyPairSync('ed25519')
  await writeFile(jwks, JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] }))
  const jwt = { jwks, issuer: 'i', audience: 'a' }
  expect((await open(jwt)).lines).toEqual([])
  expect((await open({})).tokens).toBeNull()
  const { tokens, lines } = await open({ ...jwt, user: 'alice' })
  expect(tokens?.user).toBe('alice')
  expect(lines).toEqual([expect.stringContaining('"login":"alice"')])
})
