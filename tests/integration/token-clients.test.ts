import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client } from 'pg'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestCa } from '../support/certificates.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { AUDIENCE, ISSUER, keySet, signingKey, signToken } from '../support/issuer.js'
import { hasProgram } from '../support/programs.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'

const SQL = `
CREATE TABLE orders (tenant_id text NOT NULL, id int PRIMARY KEY, note text);
INSERT INTO orders VALUES ('acme', 1, 'a'), ('globex', 2, 'b'), ('third', 3, 'kanarie');
`
const KEY = signingKey('first')

let database: TestDatabase
let gate: WholeGateway
let folder: string
let root: string
const issuer = createServer((_, response) => response.end(keySet(KEY)))

beforeAll(async () => {
  database = await testDatabase({ sql: SQL })
  folder = await mkdtemp(join(tmpdir(), 'tenantgate-token-clients-'))
  const ca = await TestCa.create('the test')
  const { certificate, key } = await ca.server()
  root = ca.certificate.toString()
  await writeFile(join(folder, 'root.pem'), root)
  await writeFile(join(folder, 'cert.pem'), certificate)
  await writeFile(join(folder, 'key.pem'), key)
  issuer.listen(0, '127.0.0.1')
  await once(issuer, 'listening')
  const jwks = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks`
  const tls = { mode: 'allow', cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  gate = await wholeGateway(database, {
    listen: { port: 0, tls },
    auth: { jwt: { jwks, issuer: ISSUER, audience: AUDIENCE, user: 'jwt' } },
  })
})
afterAll(async () => {
  await gate?.stop()
  issuer.close()
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

/** As the user of tokens, without a password. */
function url(): URL {
  const url = new URL(gate.loginUrl('jwt'))
  url.password = ''
  return url
}

async function connected(token: string): Promise<Client> {
  const target = url()
  target.password = token
  const client = new Client({ connectionString: target.href, ssl: { ca: root } })
  client.on('error', () => {})
  await client.connect()
  return client
}

test('node-postgres works on the tenant of its token, by its kind', async () => {
  const app = await connected(await signToken(KEY))
  expect((await app.query('SELECT id FROM orders')).rows).toEqual([{ id: 1 }])
  await app.query("INSERT INTO orders (id, note) VALUES (10, 'new')")
  await app.query('DELETE FROM orders WHERE id = 10')
  await app.end()
  const reader = await connected(await signToken(KEY, { kind: 'reader', tenant: 'globex' }))
  expect((await reader.query('SELECT id FROM orders')).rows).toEqual([{ id: 2 }])
  await expect(reader.query('DELETE FROM orders')).rejects.toMatchObject({ code: '25006' })
  await reader.end()
  const tenants = { tenant: undefined, tenants: ['globex', 'acme', 'third'], kind: 'analyst' }
  const analyst = await connected(await signToken(KEY, tenants))
  expect((await analyst.query('SELECT id FROM orders ORDER BY id')).rows).toEqual([{ id: 1 }, { id: 2 }])
  await analyst.end()
})

test('a driver of another kind pools connections by one token', async () => {
  const password = await signToken(KEY)
  const sql = postgres(url().href, { password, ssl: { ca: root }, max: 3 })
  const rows = await Promise.all([1, 2, 3].map(() => sql`SELECT tenant_id FROM orders`))
  expect(rows.flat()).toEqual(new Array(3).fill({ tenant_id: 'acme' }))
  await sql.end()
})

test('passwords of logins go on to work', async () => {
  const client = new Client({ connectionString: gate.url('acme'), ssl: { ca: root } })
  await client.connect()
  expect((await client.query('SELECT id FROM orders')).rows).toEqual([{ id: 1 }])
  await client.end()
})

test('a tenant that is suspended takes the sessions of its tokens along', async () => {
  const token = await signToken(KEY, { tenant: 'globex' })
  const client = await connected(token)
  const ended = new Promise((resolve) => client.once('end', resolve))
  await gate.tenants.setStatus('globex', 'suspended')
  await gate.gateway.refresh()
  await ended
  await expect(connected(token)).rejects.toMatchObject({ code: '28P01' })
  await gate.tenants.setStatus('globex', 'active')
  await gate.gateway.refresh()
  await (await connected(token)).end()
})

test('the audit’s table tells which token was whose', async () => {
  const token = await signToken(KEY, { jti: 'token-4711', sub: 'carol' })
  await (await connected(token)).end()
  const written = () =>
    database.query(
      "SELECT tenant, login, login_kind, message FROM tenantgate.audit_events WHERE kind = 'token_accepted' AND login = 'jwt:carol'",
    )
  let { rows } = await written()
  while (rows.length === 0) ({ rows } = await written())
  expect(rows).toEqual([
    {
      tenant: 'acme',
      login: 'jwt:carol',
      login_kind: 'app',
      message: expect.stringMatching(/^token with jti "token-4711", until \d{4}-\d\d-\d\dT[\d:.]+Z$/),
    },
  ])
})

test.runIf(hasProgram('psql'))('psql takes a token from the environment, and only over TLS', async () => {
  const token = await signToken(KEY)
  const psql = async (sslmode: string) => {
    const target = url()
    target.searchParams.set('sslmode', sslmode)
    target.searchParams.set('sslrootcert', join(folder, 'root.pem'))
    const child = spawn('psql', ['-XAtqw', target.href, '-c', 'SELECT id, note FROM orders'], {
      env: { PATH: process.env.PATH, HOME: folder, PGPASSWORD: token },
    })
    return (await Promise.all([text(child.stdout), text(child.stderr)])).join('')
  }
  expect(await psql('verify-full')).toBe('1|a\n')
  expect(await psql('disable')).toContain('tokens are accepted over TLS only')
})
