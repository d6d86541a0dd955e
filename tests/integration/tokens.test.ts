import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { exportSPKI, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AuditEvent } from '../../src/audit/event.js'
import { PasswordMessage } from '../../src/wire/messages/password-message.js'
import { encodeStartupPacket } from '../../src/wire/startup-packet.js'
import { trace } from '../../src/wire/trace.js'
import { AUDIENCE, ISSUER, keySet, signingKey, signToken } from '../support/issuer.js'
import { TokenStage } from '../support/token-stage.js'

const FIRST = signingKey('first')
const SECOND = signingKey('second')

let stage: TokenStage
beforeAll(async () => {
  stage = await TokenStage.create()
})
afterAll(() => stage?.close())
beforeEach(() => stage.start(FIRST))
afterEach(async () => {
  expect(await stage.stop()).toEqual([])
})

/** What the client is told, and what the audit is. */
async function refused(password: string): Promise<readonly unknown[]> {
  const error = await stage.connect(password).then(
    () => 'accepted',
    (error: Error & { code: string }) => `${error.code} ${error.message}`,
  )
  return [error, lastEvent()]
}

function lastEvent() {
  const event = stage.gateway.events.at(-1) as AuditEvent | undefined
  return event !== undefined && 'cause' in event ? [event.cause, event.subject.login] : event?.kind
}

const FAILED = '28P01 password authentication failed for user "token"'

async function direct(): Promise<Socket> {
  const socket = connectTls({
    ...{ port: stage.gateway.port, host: '127.0.0.1', ca: stage.ca.certificate },
    ALPNProtocols: ['postgresql'],
  })
  socket.on('error', () => {})
  return socket
}

function startup(user: string): Buffer {
  const parameters = new Map([
    ['user', user],
    ['database', stage.database.name],
  ])
  return encodeStartupPacket({ kind: 'startup-message', minorVersion: 0, parameters })
}

describe('a token', () => {
  test('logs in, and is written down by its name', async () => {
    const client = await stage.connect(await signToken(FIRST, { jti: 't-1' }))
    expect((await client.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
    expect(stage.gateway.events).toEqual([
      expect.objectContaining({
        kind: 'token_accepted',
        tokenId: 't-1',
        subject: expect.objectContaining({ tenant: 'acme', login: 'token:alice', loginKind: 'app' }),
      }),
    ])
  })

  test('gives its bearer the name that the client is told', async () => {
    const client = await stage.wire(await signToken(FIRST))
    expect(client.parameters.get('session_authorization')).toBe('token:alice')
    client.close()
  })

  test('of an analyst reaches its tenants that are active', async () => {
    const tenants = ['globex', 'acme', 'closed', 'unheard-of']
    await stage.connect(await signToken(FIRST, { tenant: undefined, tenants, kind: 'analyst' }))
    expect(stage.gateway.events[0]).toMatchObject({
      subject: { tenant: 'acme,globex', loginKind: 'analyst' },
    })
  })

  test('is no password of a login, and a password is no token', async () => {
    await expect(stage.connect(await signToken(FIRST), { user: 'alice' })).rejects.toMatchObject({
      code: '28P01',
    })
    expect(await refused('correct horse')).toEqual([FAILED, ['invalid_token', 'token']])
  })
})

describe('refused alike, and told apart in the audit:', () => {
  const now = () => Math.floor(Date.now() / 1000)
  test.each<readonly [string, string, () => Promise<string> | string]>([
    ['an expired token', 'expired_token', () => signToken(FIRST, { exp: now() - 1 })],
    ['no expiry', 'unfit_token', () => signToken(FIRST, { exp: undefined })],
    ['a token to come', 'unfit_token', () => signToken(FIRST, { nbf: now() + 60 })],
    ['another issuer', 'unfit_token', () => signToken(FIRST, { iss: 'https://other.example' })],
    ['another audience', 'unfit_token', () => signToken(FIRST, { aud: 'other' })],
    ['an operator', 'unfit_token', () => signToken(FIRST, { kind: 'operator', tenant: undefined })],
    ['the key of a stranger', 'invalid_token', () => signToken(SECOND)],
    ['the name of a known key', 'invalid_token', () => signToken({ ...SECOND, kid: 'first' })],
    ['no signature', 'invalid_token', () => new UnsecuredJWT({ sub: 'alice', tenant: 'acme' }).encode()],
    [
      'the public key as a shared secret',
      'invalid_token',
      async () =>
        new SignJWT({ iss: ISSUER, aud: AUDIENCE, sub: 'alice', tenant: 'acme', kind: 'app' })
          .setExpirationTime('1m')
          .setProtectedHeader({ alg: 'HS256', kid: 'first' })
          .sign(new TextEncoder().encode(await exportSPKI(FIRST.publicKey))),
    ],
    ['garbage', 'invalid_token', () => '\u{1F511}.\x01.\xff'],
    ['nothing', 'invalid_token', () => ''],
    ['too much', 'invalid_token', () => signToken(FIRST, { padding: 'x'.repeat(20_000) })],
  ])('%s', async (_, cause, password) => {
    expect(await refused(await password())).toEqual([FAILED, [cause, 'token']])
  })

  test.each(['closed', 'unheard-of'])('a tenant that is %s', async (tenant) => {
    expect(await refused(await signToken(FIRST, { tenant }))).toEqual([FAILED, ['suspended', 'token:alice']])
  })

  test('a database that no token leads to', async () => {
    const connecting = stage.connect(await signToken(FIRST), { database: 'postgres' })
    await expect(connecting).rejects.toMatchObject({ code: '3D000' })
    expect(lastEvent()).toEqual(['unknown_database', 'token:alice'])
  })

  test('what no token can be as large as, before it is read', async () => {
    expect(await stage.connect('x'.repeat(70_000)).catch((error: { code: string }) => error.code)).toBe(
      '08P01',
    )
  })
})

test('no event says what a token said', async () => {
  const tokens = [await signToken(FIRST), await signToken(SECOND), 'hunter2.hunter2.hunter2']
  for (const token of tokens) await stage.connect(token).catch(() => {})
  const said = JSON.stringify(stage.gateway.events)
  for (const token of tokens) for (const part of token.split('.')) expect(said).not.toContain(part)
})

test('without encryption a client is sent away before it has shown a token', async () => {
  const socket = connect(stage.gateway.port, '127.0.0.1')
  socket.write(Buffer.concat([startup('token'), PasswordMessage.encode({ password: Buffer.from('a.b.c') })]))
  const answers = trace('backend', await buffer(socket))
  expect(answers).toEqual([expect.stringContaining('C="28000" M="tokens are accepted over TLS')])
  expect(lastEvent()).toEqual(['unencrypted', 'token'])
})

test('only the name for tokens is asked for one, whether a login exists or not', async () => {
  const asked: string[] = []
  for (const user of ['token', 'alice', 'nobody', 'token:alice']) {
    const socket = await direct()
    socket.write(startup(user))
    const [chunk] = (await new Promise((resolve) => socket.once('data', (data) => resolve([data])))) as [
      Buffer,
    ]
    asked.push(trace('backend', chunk)[0]?.split(' ')[1] ?? '')
    socket.destroy()
  }
  expect(asked).toEqual([
    'AuthenticationCleartextPassword',
    'AuthenticationSASL',
    'AuthenticationSASL',
    'AuthenticationSASL',
  ])
})

test('a token that fails again and again is not looked at, others are', async () => {
  const expired = await signToken(FIRST, { exp: 1 })
  const causes: unknown[] = []
  for (let attempt = 0; attempt < 6; attempt++) causes.push((await refused(expired))[1])
  const judged = new Array(4).fill(['expired_token', 'token'])
  expect(causes).toEqual([...judged, ...new Array(2).fill(['throttled', 'token'])])
  await stage.connect(await signToken(FIRST))
})

test('keys that the file has got are in force, and those that it has lost are not', async () => {
  const running = await stage.connect(await signToken(FIRST))
  await writeFile(stage.jwks, keySet(FIRST, SECOND))
  await stage.connect(await signToken(SECOND))
  await writeFile(stage.jwks, keySet(SECOND))
  expect(await refused(await signToken(FIRST))).toEqual([FAILED, ['invalid_token', 'token']])
  await writeFile(stage.jwks, 'broken')
  await stage.connect(await signToken(SECOND, { sub: 'bob' }))
  expect((await running.query('SELECT 1 AS x')).rows).toEqual([{ x: 1 }])
})

test('keys of a URL are asked for again when a token names a new one, though not at any time', async () => {
  const state = { keys: keySet(FIRST), requests: 0, ms: 0 }
  const server = createServer((_, response) => {
    state.requests++
    response.end(state.keys)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  expect(await stage.stop()).toEqual([])
  const clock = { now: () => Date.now(), monotonicMs: () => state.ms }
  await stage.start(FIRST, `http://127.0.0.1:${port}/jwks`, clock)
  await stage.connect(await signToken(FIRST))
  state.keys = keySet(SECOND)
  expect(await refused(await signToken(SECOND))).toEqual([FAILED, ['invalid_token', 'token']])
  expect(state.requests).toBe(1)
  state.ms = 10_000
  await stage.connect(await signToken(SECOND, { sub: 'bob' }))
  expect(await refused(await signToken(FIRST))).toEqual([FAILED, ['invalid_token', 'token']])
  expect(state.requests).toBe(2)
  server.close()
})
