import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfiguration } from '../../../src/config/load.js'

describe('loadConfiguration', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenantgate-config-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('takes files as relative to the configuration file', async () => {
    const file = join(folder, 'gate.yaml')
    await writeFile(
      file,
      `upstream: { url: postgres://a/b, operatorUrl: postgres://a/b }
listen: { tls: { mode: allow, cert: server.pem, key: /etc/key.pem } }
audit: { file: audit.log }`,
    )
    const configuration = await loadConfiguration(file, {})
    expect(configuration.listen.tls.cert).toBe(join(folder, 'server.pem'))
    expect(configuration.listen.tls.key).toBe('/etc/key.pem')
    expect(configuration.audit.file).toBe(join(folder, 'audit.log'))
  })

  test('takes keys of tokens for a file, unless they are a URL', async () => {
    const file = join(folder, 'tokens.yaml')
    const loaded = async (jwks: string) => {
      await writeFile(
        file,
        `upstream: { url: postgres://a/b, operatorUrl: postgres://a/b }
listen: { tls: { mode: allow, cert: server.pem, key: /etc/key.pem } }
auth: { jwt: { jwks: '${jwks}', issuer: i, audience: a } }`,
      )
      return (await loadConfiguration(file, {})).auth.jwt.jwks
    }
    expect(await loaded('jwks.json')).toBe(join(folder, 'jwks.json'))
    expect(await loaded('https://issuer.example/jwks')).toBe('https://issuer.example/jwks')
  })

  test('says that there is no such file', async () => {
    await expect(loadConfiguration('/nowhere/gate.yaml', {})).rejects.toThrow(
      '/nowhere/gate.yaml: no such file',
    )
  })
})
