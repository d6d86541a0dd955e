import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { Client } from 'pg'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cell } from '../../src/core/current.js'
import { LoginName } from '../../src/core/ids.js'
import { TlsEndpoint } from '../../src/net/tls-endpoint.js'
import type { Login } from '../../src/tenants/login.js'
import { encodeStartupPacket } from '../../src/wire/startup-packet.js'
import { trace } from '../../src/wire/trace.js'
import { TestCa, type TestCertificate } from '../support/certificates.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { PASSWORD, type TestGateway, testCatalog, testGateway } from '../support/gateway.js'
import { hasProgram } from '../support/programs.js'

const ALPN = { ALPNProtocols: ['postgresql'] }
const SSL_REQUEST = encodeStartupPacket({ kind: 'ssl-request' })

let database: TestDatabase
let ca: TestCa
let strangers: TestCa
let server: TestCertificate
let alice: TestCertificate
/** Takes plain clients and encrypted ones. */
let allowing: TestGateway
/** Takes encrypted ones only, and certificates of `ca`. */
let requiring: TestGateway
let folder: string
let root: string

beforeAll(async () => {
  database = await testDatabase()
  ca = await TestCa.create('the test')
  strangers = await TestCa.create('somebody else')
  server = await ca.server()
  alice = await ca.client('alice of acme')
  const upstream = database.url
  allowing = await testGateway({ upstream, tls: new TlsEndpoint({ ...server, clientCa: null }) })
  requiring = await testGateway({
    upstream,
    tls: new TlsEndpoint({ ...server, clientCa: ca.certificate }),
    services: { requiresTls: true, catalog: new Cell(catalogWithCertificate()) },
  })
  folder = await mkdtemp(join(tmpdir(), 'tenantgate-tls-'))
  root = join(folder, 'root.pem')
  await writeFile(root, ca.certificate)
})
afterAll(async () => {
  await allowing?.stop()
  await requiring?.stop()
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

/** `alice` and `carol`, who is disabled, may show a certificate; `alice` has no password. */
function catalogWithCertificate() {
  const catalog = testCatalog()
  const change = (name: string, changes: Partial<Login>): [LoginName, Login] => {
    const login = catalog.logins.get(LoginName.of(name))
    if (login === undefined) throw new Error(`no login ${name}`)
    return [login.name, { ...login, ...changes }]
  }
  return {
    ...catalog,
    logins: new Map([
      ...catalog.logins,
      change('alice', { certificateCn: 'alice of acme', secret: null }),
      change('carol', { certificateCn: 'alice of acme' }),
    ]),
  }
}

function startup(user: string): Buffer {
  return encodeStartupPacket({
    kind: 'startup-message',
    minorVersion: 0,
    parameters: new Map([
      ['user', user],
      ['database', database.name],
    ]),
  })
}

async function dial(gateway: TestGateway): Promise<Socket> {
  const socket = connect(gateway.port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** TLS from the first byte. */
async function direct(gateway: TestGateway, options: ConnectionOptions = ALPN): Promise<TLSSocket> {
  const socket = connectTls({ port: gateway.port, host: '127.0.0.1', ca: ca.certificate, ...options })
  await once(socket, 'secureConnect')
  socket.on('error', () => {})
  return socket
}

async function everything(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'close')
  return Buffer.concat(chunks)
}

/** The first message that answers a startup packet. */
async function greeting(socket: Socket, user: string): Promise<string> {
  socket.write(startup(user))
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return trace('backend', chunk)[0] ?? ''
}

describe('a driver', () => {
  test.each([{}, { enableChannelBinding: true }])('of node-postgres logs in with %o', async (options) => {
    const client = new Client({
      connectionString: requiring.url('bob'),
      ssl: { ca: ca.certificate.toString() },
      ...options,
    })
    await client.connect()
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await client.end()
  })

  test('of another kind logs in, and gets large results', async () => {
    const sql = postgres(allowing.url(), { ssl: { ca: ca.certificate.toString() }, max: 2 })
    const rows = await sql`SELECT repeat('x', 1000) AS text FROM generate_series(1, 5000)`
    expect(rows).toHaveLength(5000)
    await sql.end()
  })

  test('that distrusts the certificate does not', async () => {
    const ssl = { ca: strangers.certificate.toString() }
    const client = new Client({ connectionString: allowing.url(), ssl })
    await expect(client.connect()).rejects.toThrow(/certificate/)
  })
})

describe.runIf(hasProgram('psql'))('psql', () => {
  async function psql(url: string, parameters: Record<string, string>, sql: string) {
    const target = new URL(url)
    for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value)
    const child = spawn('psql', ['-XAtq', target.href, '-c', sql], {
      env: { PATH: process.env.PATH, PGSSLCERT: join(folder, 'none'), HOME: folder },
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
    const all = { ...parameters, sslrootcert: root }
    expect(await psql(requiring.url('bob'), all, 'SELECT 1')).toBe('1\n')
  })

  test('logs in without TLS where it may', async () => {
    expect(await psql(allowing.url(), { sslmode: 'disable' }, 'SELECT 1')).toBe('1\n')
    expect(await psql(requiring.url('bob'), { sslmode: 'disable' }, 'SELECT 1')).toContain(
      'the gateway accepts encrypted connections only',
    )
  })

  test('shows its certificate', async () => {
    const [cert, key] = [join(folder, 'alice.pem'), join(folder, 'alice.key')]
    await writeFile(cert, alice.certificate)
    await writeFile(key, alice.key, { mode: 0o600 })
    const parameters = { sslmode: 'verify-full', sslrootcert: root, sslcert: cert, sslkey: key }
    const url = new URL(requiring.url('alice'))
    url.password = ''
    expect(await psql(url.href, parameters, 'SELECT 1')).toBe('1\n')
  })
})

describe('without encryption, where it is required', () => {
  test('nothing is told but that', async () => {
    const socket = await dial(requiring)
    socket.write(startup('nobody'))
    expect(trace('backend', await everything(socket))).toEqual([
      expect.stringContaining('V="FATAL" C="28000" M="the gateway accepts encrypted connections only"'),
    ])
  })

  test('a cancel request is taken', async () => {
    const client = new Client({
      connectionString: requiring.url('bob'),
      ssl: { ca: ca.certificate.toString() },
    })
    await client.connect()
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
    const secret = Buffer.alloc(4)
    secret.writeInt32BE(secretKey)
    const sleeping = client.query('SELECT pg_sleep(60)')
    const cancelled = expect(sleeping).rejects.toMatchObject({ code: '57014' })
    // until the statement runs, there is nothing to cancel
    await runs('SELECT pg_sleep(60)')
    const socket = await dial(requiring)
    socket.end(encodeStartupPacket({ kind: 'cancel-request', processId: processID, secret }))
    await cancelled
    await client.end()
  })
})

async function runs(statement: string): Promise<void> {
  for (;;) {
    const { rows } = await database.query(
      `SELECT FROM pg_stat_activity WHERE state = 'active' AND query = $1 AND datname = current_database()`,
      [statement],
    )
    if (rows.length > 0) return
  }
}

describe('TLS from the first byte', () => {
  test('is taken with the protocol’s name', async () => {
    const socket = await direct(allowing)
    expect(socket.alpnProtocol).toBe('postgresql')
    expect(await greeting(socket, 'alice')).toContain('"SCRAM-SHA-256-PLUS" "SCRAM-SHA-256"')
  })

  test('carries a cancel request', async () => {
    const socket = await direct(allowing)
    socket.write(encodeStartupPacket({ kind: 'cancel-request', processId: 1, secret: Buffer.alloc(4) }))
    expect(await everything(socket)).toHaveLength(0)
  })

  test('is cut off without a name', async () => {
    const socket = await direct(allowing, {})
    socket.write(startup('alice'))
    expect(await everything(socket)).toHaveLength(0)
  })

  test('is refused in the name of another protocol', async () => {
    await expect(direct(allowing, { ALPNProtocols: ['http/1.1'] })).rejects.toThrow()
  })

  test('is cut off where TLS is not on offer', async () => {
    const plain = await testGateway({ upstream: database.url })
    await expect(direct(plain)).rejects.toThrow()
    await plain.stop()
  })
})

describe('TLS by request', () => {
  async function upgraded(gateway: TestGateway, options: ConnectionOptions = {}): Promise<TLSSocket> {
    const socket = await dial(gateway)
    socket.write(SSL_REQUEST)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toBe('S')
    const secure = connectTls({ socket, host: '127.0.0.1', ca: ca.certificate, ...options })
    await once(secure, 'secureConnect')
    secure.on('error', () => {})
    return secure
  }

  test('needs no protocol name', async () => {
    expect(await greeting(await upgraded(allowing), 'alice')).toContain('SCRAM-SHA-256-PLUS')
  })

  test('comes after GSSAPI was refused', async () => {
    const socket = await dial(allowing)
    socket.write(encodeStartupPacket({ kind: 'gssenc-request' }))
    expect(String((await once(socket, 'data'))[0])).toBe('N')
    socket.write(SSL_REQUEST)
    expect(String((await once(socket, 'data'))[0])).toBe('S')
    socket.destroy()
  })

  test('comes once', async () => {
    const secure = await upgraded(allowing)
    secure.write(SSL_REQUEST)
    expect(trace('backend', await everything(secure))).toEqual([expect.stringContaining('C="08P01"')])
  })

  test('ends the connection where something unencrypted follows it', async () => {
    const socket = await dial(allowing)
    socket.write(Buffer.concat([SSL_REQUEST, startup('alice')]))
    expect(trace('backend', await everything(socket))).toEqual([
      expect.stringContaining('invalid SSLRequest message: unencrypted data followed it'),
    ])
  })

  test('ends the connection where something unencrypted comes in place of the handshake', async () => {
    const socket = await dial(allowing)
    socket.write(SSL_REQUEST)
    await once(socket, 'data')
    socket.write(startup('alice'))
    expect((await everything(socket)).toString()).not.toContain('SCRAM')
  })

  test('speaks TLS 1.2 and later only', async () => {
    expect((await upgraded(allowing, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' })).getProtocol()).toBe(
      'TLSv1.2',
    )
    const old: ConnectionOptions = {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    }
    await expect(upgraded(allowing, old)).rejects.toThrow()
  })

  test('offers no channel binding without TLS', async () => {
    expect(await greeting(await dial(allowing), 'alice')).toBe(
      '< AuthenticationSASL mechanisms=["SCRAM-SHA-256"]',
    )
  })

  test('shows the certificate that is in force', async () => {
    const [first, second] = [await ca.server(), await ca.server()]
    const endpoint = new TlsEndpoint({ ...first, clientCa: null })
    const gateway = await testGateway({ upstream: database.url, tls: endpoint })
    const before = await upgraded(gateway)
    expect(before.getPeerCertificate().raw).toEqual(first.der)
    expect(() => endpoint.replace({ ...second, key: first.key, clientCa: null })).toThrow(/key/)
    expect((await upgraded(gateway)).getPeerCertificate().raw).toEqual(first.der)
    endpoint.replace({ ...second, clientCa: null })
    expect((await upgraded(gateway)).getPeerCertificate().raw).toEqual(second.der)
    expect(await greeting(before, 'alice')).toContain('SCRAM-SHA-256-PLUS')
    await gateway.stop()
  })
})

describe('a client certificate', () => {
  const withCertificate = ({ certificate, key }: TestCertificate) =>
    direct(requiring, { ...ALPN, cert: certificate, key })

  test('logs in the login that has its name', async () => {
    expect(await greeting(await withCertificate(alice), 'alice')).toBe('< AuthenticationOk')
  })

  test('of another name is as good as none', async () => {
    const other = await ca.client('alice')
    expect(await greeting(await withCertificate(other), 'alice')).toContain('AuthenticationSASL ')
  })

  test('does not log in others, who may prove their password', async () => {
    expect(await greeting(await withCertificate(alice), 'bob')).toContain('AuthenticationSASL ')
  })

  test('does not log in the disabled', async () => {
    expect(await greeting(await withCertificate(alice), 'carol')).toContain(
      'M="password authentication failed for user \\"carol\\""',
    )
  })

  test('of an authority that is not trusted is refused', async () => {
    const stranger = await strangers.client('alice of acme')
    expect(await greeting(await withCertificate(stranger), 'alice')).toContain(
      'C="28000" M="the client certificate could not be verified',
    )
  })

  test('for servers is refused', async () => {
    expect(await greeting(await withCertificate(server), 'alice')).toContain('could not be verified')
  })

  test('that is missing leaves a login without a password outside', async () => {
    const client = new Client({
      connectionString: requiring.url('alice'),
      password: PASSWORD,
      ssl: { ca: ca.certificate.toString() },
    })
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' })
  })
})
