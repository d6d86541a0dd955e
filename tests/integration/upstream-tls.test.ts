import { once } from 'node:events'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/demo/database/database.js'
import { serverAccount } from '../../src/demo/database/server-account.js'
import { startDatabase } from '../../src/demo/database/start-database.js'
import { encodeStartupPacket } from '../../src/wire/startup-packet.js'
import { TestCa } from '../support/certificates.js'
import { type TestGateway, testGateway } from '../support/gateway.js'
import { say, WireClient } from '../support/wire-client.js'

const SSL_REQUEST = encodeStartupPacket({ kind: 'ssl-request' })
const CANCEL_CODE = Buffer.from('04d2162e', 'hex')

let folder: string
let database: Database
let gateway: TestGateway
let url: string

beforeAll(async () => {
  const [ca, strangers] = [await TestCa.create('the test'), await TestCa.create('somebody else')]
  const { certificate, key } = await ca.server()
  folder = await mkdtemp(join(tmpdir(), 'tenantgate-upstream-'))
  const account = serverAccount()
  for (const [name, content] of Object.entries({
    'server.pem': certificate,
    'server.key': key,
    'root.pem': ca.certificate,
    'strangers.pem': strangers.certificate,
  })) {
    await writeFile(join(folder, name), content, { mode: 0o600 })
    if (account !== undefined) await chown(join(folder, name), account.uid, account.gid)
  }
  if (account !== undefined) await chown(folder, account.uid, account.gid)
  const settings = {
    ssl: 'on',
    ssl_cert_file: join(folder, 'server.pem'),
    ssl_key_file: join(folder, 'server.key'),
  }
  database = await startDatabase({ source: 'embedded', settings })
  url = verified('root.pem')
  gateway = await testGateway({ upstream: url })
})
afterAll(async () => {
  await gateway?.stop()
  await database?.stop()
  await rm(folder, { recursive: true, force: true })
})

function verified(root: string): string {
  const target = new URL(database.url)
  target.searchParams.set('sslmode', 'verify-full')
  target.searchParams.set('sslrootcert', join(folder, root))
  return target.href
}

test('the server connections are encrypted, and carry large results', async () => {
  const client = new Client({ connectionString: gateway.url() })
  await client.connect()
  const { rows } = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
  expect(rows).toEqual([{ ssl: true }])
  const large = await client.query("SELECT repeat('x', 1000) FROM generate_series(1, 20000)")
  expect(large.rows).toHaveLength(20_000)
  await client.end()
})

test('a cancel request is as encrypted as the connection it is for', async () => {
  const said: Buffer[] = []
  const proxy = await recorder(Number(new URL(database.url).port), said)
  const proxied = new URL(url)
  proxied.port = String((proxy.address() as AddressInfo).port)
  const recorded = await testGateway({ upstream: proxied.href })
  const client = await WireClient.connect(recorded.url())
  client.send(say.query('SELECT pg_sleep(60)'))
  await sleeps()
  const canceller = connect(recorded.port, '127.0.0.1').resume()
  canceller.end(say.cancel(client.cancelKey))
  expect((await client.ready()).join()).toContain('57014')
  client.close()
  await recorded.stop()
  proxy.close()
  const requests = said.filter((bytes) => bytes.subarray(0, 8).equals(SSL_REQUEST))
  expect(requests.length).toBeGreaterThan(1)
  expect(said.filter((bytes) => bytes.includes(CANCEL_CODE))).toEqual([])
})

/** Passes on to the server, and keeps what clients say. */
async function recorder(port: number, said: Buffer[]): Promise<Server> {
  const proxy = createServer((socket) => {
    const server = connect(port, '127.0.0.1')
    for (const end of [socket, server]) end.on('error', () => {})
    socket.on('data', (chunk) => said.push(chunk))
    socket.pipe(server).pipe(socket)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return proxy
}

async function sleeps(): Promise<void> {
  const operator = new Client({ connectionString: url })
  await operator.connect()
  for (let found = 0; found === 0; ) {
    const { rows } = await operator.query("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
    found = rows.length
  }
  await operator.end()
}

test('a server whose certificate another authority has issued is not talked to', async () => {
  const distrusting = await testGateway({ upstream: verified('strangers.pem') })
  const client = new Client({ connectionString: distrusting.url() })
  await expect(client.connect()).rejects.toMatchObject({ code: '08006' })
  expect(distrusting.pool.failure).toMatch(/certificate/)
  await distrusting.stop()
})
