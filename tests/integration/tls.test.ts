import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TlsEndpoint } from '../../src/net/tls-endpoint.js'
import { encodeStartupPacket } from '../../src/wire/startup-packet.js'
import { trace } from '../../src/wire/trace.js'
import type { TestCertificate } from '../support/certificates.js'
import { PASSWORD, type TestGateway, testGateway } from '../support/gateway.js'
import { type TlsStage, tlsStage } from '../support/tls-stage.js'

const ALPN = { ALPNProtocols: ['postgresql'] }
const SSL_REQUEST = encodeStartupPacket({ kind: 'ssl-request' })

let stage: TlsStage
beforeAll(async () => {
  stage = await tlsStage()
})
afterAll(() => stage?.stop())

function startup(user: string): Buffer {
  return encodeStartupPacket({
    kind: 'startup-message',
    minorVersion: 0,
    parameters: new Map([
      ['user', user],
      ['database', stage.database.name],
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
  const socket = connectTls({ port: gateway.port, host: '127.0.0.1', ca: stage.ca.certificate, ...options })
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

describe('without encryption, where it is required', () => {
  test('nothing is told but that', async () => {
    const socket = await dial(stage.requiring)
    socket.write(startup('nobody'))
    expect(trace('backend', await everything(socket))).toEqual([
      expect.stringContaining('V="FATAL" C="28000" M="the gateway accepts encrypted connections only"'),
    ])
  })

  test('a cancel request is taken', async () => {
    const client = new Client({
      connectionString: stage.requiring.url('bob'),
      ssl: { ca: stage.ca.certificate.toString() },
    })
    await client.connect()
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
    const secret = Buffer.alloc(4)
    secret.writeInt32BE(secretKey)
    const sleeping = client.query('SELECT pg_sleep(60)')
    const cancelled = expect(sleeping).rejects.toMatchObject({ code: '57014' })
    // until the statement runs, there is nothing to cancel
    await runs('SELECT pg_sleep(60)')
    const socket = await dial(stage.requiring)
    socket.end(encodeStartupPacket({ kind: 'cancel-request', processId: processID, secret }))
    await cancelled
    await client.end()
  })
})

async function runs(statement: string): Promise<void> {
  for (;;) {
    const { rows } = await stage.database.query(
      `SELECT FROM pg_stat_activity WHERE state = 'active' AND query = $1 AND datname = current_database()`,
      [statement],
    )
    if (rows.length > 0) return
  }
}

describe('TLS from the first byte', () => {
  test('is taken with the protocol’s name', async () => {
    const socket = await direct(stage.allowing)
    expect(socket.alpnProtocol).toBe('postgresql')
    expect(await greeting(socket, 'alice')).toContain('"SCRAM-SHA-256-PLUS" "SCRAM-SHA-256"')
  })

  test('carries a cancel request', async () => {
    const socket = await direct(stage.allowing)
    socket.write(encodeStartupPacket({ kind: 'cancel-request', processId: 1, secret: Buffer.alloc(4) }))
    expect(await everything(socket)).toHaveLength(0)
  })

  test('is cut off without a name', async () => {
    const socket = await direct(stage.allowing, {})
    socket.write(startup('alice'))
    expect(await everything(socket)).toHaveLength(0)
  })

  test('is refused in the name of another protocol', async () => {
    await expect(direct(stage.allowing, { ALPNProtocols: ['http/1.1'] })).rejects.toThrow()
  })

  test('is cut off where TLS is not on offer', async () => {
    const plain = await testGateway({ upstream: stage.database.url })
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
    const secure = connectTls({ socket, host: '127.0.0.1', ca: stage.ca.certificate, ...options })
    await once(secure, 'secureConnect')
    secure.on('error', () => {})
    return secure
  }

  test('needs no protocol name', async () => {
    expect(await greeting(await upgraded(stage.allowing), 'alice')).toContain('SCRAM-SHA-256-PLUS')
  })

  test('comes after GSSAPI was refused', async () => {
    const socket = await dial(stage.allowing)
    socket.write(encodeStartupPacket({ kind: 'gssenc-request' }))
    expect(String((await once(socket, 'data'))[0])).toBe('N')
    socket.write(SSL_REQUEST)
    expect(String((await once(socket, 'data'))[0])).toBe('S')
    socket.destroy()
  })

  test('comes once', async () => {
    const secure = await upgraded(stage.allowing)
    secure.write(SSL_REQUEST)
    expect(trace('backend', await everything(secure))).toEqual([expect.stringContaining('C="08P01"')])
  })

  test('ends the connection where something unencrypted follows it', async () => {
    const socket = await dial(stage.allowing)
    socket.write(Buffer.concat([SSL_REQUEST, startup('alice')]))
    expect(trace('backend', await everything(socket))).toEqual([
      expect.stringContaining('invalid SSLRequest message: unencrypted data followed it'),
    ])
  })

  test('ends the connection where something unencrypted comes in place of the handshake', async () => {
    const socket = await dial(stage.allowing)
    socket.write(SSL_REQUEST)
    await once(socket, 'data')
    socket.write(startup('alice'))
    expect((await everything(socket)).toString()).not.toContain('SCRAM')
  })

  test('speaks TLS 1.2 and later only', async () => {
    expect(
      (await upgraded(stage.allowing, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' })).getProtocol(),
    ).toBe('TLSv1.2')
    const old: ConnectionOptions = {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    }
    await expect(upgraded(stage.allowing, old)).rejects.toThrow()
  })

  test('offers no channel binding without TLS', async () => {
    expect(await greeting(await dial(stage.allowing), 'alice')).toBe(
      '< AuthenticationSASL mechanisms=["SCRAM-SHA-256"]',
    )
  })

  test('shows the certificate that is in force', async () => {
    const [first, second] = [await stage.ca.server(), await stage.ca.server()]
    const endpoint = new TlsEndpoint({ ...first, clientCa: null })
    const gateway = await testGateway({ upstream: stage.database.url, tls: endpoint })
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
    direct(stage.requiring, { ...ALPN, cert: certificate, key })

  test('logs in the login that has its name', async () => {
    expect(await greeting(await withCertificate(stage.alice), 'alice')).toBe('< AuthenticationOk')
  })

  test('of another name is as good as none', async () => {
    const other = await stage.ca.client('alice')
    expect(await greeting(await withCertificate(other), 'alice')).toContain('AuthenticationSASL ')
  })

  test('does not log in others, who may prove their password', async () => {
    expect(await greeting(await withCertificate(stage.alice), 'bob')).toContain('AuthenticationSASL ')
  })

  test('does not log in the disabled', async () => {
    expect(await greeting(await withCertificate(stage.alice), 'carol')).toContain(
      'M="password authentication failed for user \\"carol\\""',
    )
  })

  test('of an authority that is not trusted is refused', async () => {
    const stranger = await stage.strangers.client('alice of acme')
    expect(await greeting(await withCertificate(stranger), 'alice')).toContain(
      'C="28000" M="the client certificate could not be verified',
    )
  })

  test('for servers is refused', async () => {
    expect(await greeting(await withCertificate(stage.server), 'alice')).toContain('could not be verified')
  })

  test('that is missing leaves a login without a password outside', async () => {
    const client = new Client({
      connectionString: stage.requiring.url('alice'),
      password: PASSWORD,
      ssl: { ca: stage.ca.certificate.toString() },
    })
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' })
  })
})
