import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client } from 'pg'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasProgram } from '../support/programs.js'
import { type TlsStage, tlsStage } from '../support/tls-stage.js'

let stage: TlsStage
beforeAll(async () => {
  stage = await tlsStage()
})
afterAll(() => stage?.stop())

describe('a driver', () => {
  test.each([{}, { enableChannelBinding: true }])('of node-postgres logs in with %o', async (options) => {
    const client = new Client({
      connectionString: stage.requiring.url('bob'),
      ssl: { ca: stage.ca.certificate.toString() },
      ...options,
    })
    await client.connect()
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await client.end()
  })

  test('of another kind logs in, and gets large results', async () => {
    const sql = postgres(stage.allowing.url(), { ssl: { ca: stage.ca.certificate.toString() }, max: 2 })
    const rows = await sql`SELECT repeat('x', 1000) AS text FROM generate_series(1, 5000)`
    expect(rows).toHaveLength(5000)
    await sql.end()
  })

  test('that distrusts the certificate does not', async () => {
    const ssl = { ca: stage.strangers.certificate.toString() }
    const client = new Client({ connectionString: stage.allowing.url(), ssl })
    await expect(client.connect()).rejects.toThrow(/certificate/)
  })
})

describe.runIf(hasProgram('psql'))('psql', () => {
  async function psql(url: string, parameters: Record<string, string>, sql: string) {
    const target = new URL(url)
    for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value)
    const child = spawn('psql', ['-XAtq', target.href, '-c', sql], {
      env: { PATH: process.env.PATH, PGSSLCERT: join(stage.folder, 'none'), HOME: stage.folder },
    })
    const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)])
    return out + error
  }

  test.each([
    { sslmode: 'require' },
    { sslmode: 'verify-full' },
    { sslmode: 'verify-full', channel_binding: 'require' },
    { sslmode: 'require', channel_binding: 'disable' },
  ])('logs in with %o', async (parameters) => {
    const all = { ...parameters, sslrootcert: join(stage.folder, 'root.pem') }
    expect(await psql(stage.requiring.url('bob'), all, 'SELECT 1')).toBe('1\n')
  })

  test('logs in without TLS where it may', async () => {
    expect(await psql(stage.allowing.url(), { sslmode: 'disable' }, 'SELECT 1')).toBe('1\n')
    expect(await psql(stage.requiring.url('bob'), { sslmode: 'disable' }, 'SELECT 1')).toContain(
      'the gateway accepts encrypted connections only',
    )
  })

  test('shows its certificate', async () => {
    const [cert, key] = [join(stage.folder, 'alice.pem'), join(stage.folder, 'alice.key')]
    await writeFile(cert, stage.alice.certificate)
    await writeFile(key, stage.alice.key, { mode: 0o600 })
    const parameters = {
      sslmode: 'verify-full',
      sslrootcert: join(stage.folder, 'root.pem'),
      sslcert: cert,
      sslkey: key,
    }
    const url = new URL(stage.requiring.url('alice'))
    url.password = ''
    expect(await psql(url.href, parameters, 'SELECT 1')).toBe('1\n')
  })
})
