import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGateway } from '../../src/app.js'
import { ConfigurationSchema } from '../../src/config/schema.js'
import { TestCa, type TestCertificate } from '../support/certificates.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { type WholeGateway, wholeGateway } from '../support/whole-gateway.js'

let database: TestDatabase
let gate: WholeGateway
let folder: string
let ca: TestCa
let first: TestCertificate

beforeAll(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'tenantgate-reload-'))
  ca = await TestCa.create('the test')
  first = await ca.server()
  await store(first)
  const tls = { mode: 'require', cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  gate = await wholeGateway(database, { listen: { port: 0, tls } })
})
afterAll(async () => {
  await gate?.stop()
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

async function store({ certificate, key }: TestCertificate): Promise<void> {
  await writeFile(join(folder, 'cert.pem'), certificate)
  await writeFile(join(folder, 'key.pem'), key)
}

async function shown(): Promise<Buffer> {
  const socket = connect({
    port: gate.gateway.port,
    host: '127.0.0.1',
    ca: ca.certificate,
    ALPNProtocols: ['postgresql'],
  })
  await once(socket, 'secureConnect')
  const { raw } = socket.getPeerCertificate()
  socket.destroy()
  return raw
}

test('new certificates are taken when told to, bad ones are not, and sessions go on', async () => {
  const session = new Client({ connectionString: gate.url('acme'), ssl: { ca: ca.certificate.toString() } })
  await session.connect()
  expect(await shown()).toEqual(first.der)
  const second = await ca.server()
  await writeFile(join(folder, 'cert.pem'), 'no certificate')
  await gate.gateway.reload(gate.configuration)
  expect(await shown()).toEqual(first.der)
  await store(second)
  await gate.gateway.reload(gate.configuration)
  expect(await shown()).toEqual(second.der)
  expect((await session.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await session.end()
})

test('a changed file is noticed', async () => {
  const third = await ca.server()
  await store(third)
  while (!(await shown()).equals(third.der)) await new Promise((resolve) => setTimeout(resolve, 50))
})

test('a start with files that cannot be used fails before anything else, and names them', async () => {
  const cert = join(folder, 'cert.pem')
  const url = 'postgres://nobody@127.0.0.1:1/nothing'
  const configuration = ConfigurationSchema.parse({
    listen: { tls: { mode: 'allow', cert, key: cert } },
    upstream: { url, operatorUrl: url },
  })
  await expect(startGateway(configuration)).rejects.toThrow(`${cert}: listen.tls: `)
})
