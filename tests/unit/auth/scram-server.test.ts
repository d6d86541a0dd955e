import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ScramSecret } from '../../../src/auth/scram-secret.js'
import { challenge, SCRAM_SHA_256 } from '../../../src/auth/scram-server.js'
import { GatewayError } from '../../../src/core/errors.js'

/** The client's side, written by others: a driver's. */
interface ClientSession {
  readonly response: string
}
interface ScramClient {
  startSession(mechanisms: readonly string[]): ClientSession
  continueSession(session: ClientSession, password: string, serverFirst: string): Promise<void>
  finalizeSession(session: ClientSession, serverFinal: string): void
}
const client = createRequire(import.meta.url)('pg/lib/crypto/sasl.js') as ScramClient

// RFC 7677 section 3
const SECRET = ScramSecret.create('pencil', { salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64') })
const CLIENT_FIRST = 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO'
const SERVER_NONCE = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
const NONCE = `rOprNGfwEbeRWgbNEkqO${SERVER_NONCE}`
const PROOF = 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ='
const CLIENT_FINAL = `c=biws,r=${NONCE},p=${PROOF}`

function exchange(clientFirst: string, clientFinal: string): string | undefined {
  return challenge(Buffer.from(clientFirst), SECRET, { serverNonce: SERVER_NONCE })
    .verify(Buffer.from(clientFinal))
    ?.toString()
}

async function login(secret: ScramSecret, password: string): Promise<boolean> {
  const session = client.startSession([SCRAM_SHA_256])
  const { message, verify } = challenge(Buffer.from(session.response), secret)
  await client.continueSession(session, password, message.toString())
  const final = verify(Buffer.from(session.response))
  if (final === null) return false
  client.finalizeSession(session, final.toString())
  return true
}

describe('the exchange of RFC 7677', () => {
  test('gives the messages of the RFC', () => {
    const { message, verify } = challenge(Buffer.from(CLIENT_FIRST), SECRET, { serverNonce: SERVER_NONCE })
    expect(message.toString()).toBe(`r=${NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`)
    expect(verify(Buffer.from(CLIENT_FINAL))?.toString()).toBe(
      'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    )
  })

  test('refuses another proof', () => {
    expect(exchange(CLIENT_FIRST, CLIENT_FINAL.replace('dHzb', 'dHzc'))).toBeUndefined()
  })
})

describe('a driver', () => {
  test.each(['pencil', 'pässwörd', 'I\u00adX \u2168', '\u00aa\u3000'])(
    'logs in with %j',
    async (password) => {
      expect(await login(ScramSecret.create(password), password)).toBe(true)
    },
  )

  test('does not log in with a password that differs', async () => {
    expect(await login(ScramSecret.create('pencil'), 'Pencil')).toBe(false)
  })

  test('does not log in where the login is unknown', async () => {
    expect(await login(ScramSecret.mock(Buffer.from('key'), 'nobody'), 'pencil')).toBe(false)
  })
})

describe('nonces', () => {
  test('are the server’s own each time', () => {
    const messages = [1, 2].map(() => challenge(Buffer.from(CLIENT_FIRST), SECRET).message.toString())
    expect(messages[0]).not.toBe(messages[1])
  })
})

describe('channel binding', () => {
  const DATA = createHash('sha256').update('certificate').digest()
  const first = (header: string) => `${header}n=user,r=rOprNGfwEbeRWgbNEkqO`
  const start = (header: string, chosen: boolean) =>
    challenge(Buffer.from(first(header)), SECRET, {
      binding: { data: DATA, chosen },
      serverNonce: SERVER_NONCE,
    })

  /** What a client of that password answers, `c` being what it saw of the channel. */
  function finish(header: string, c: Buffer): Buffer {
    const salted = pbkdf2Sync('pencil', SECRET.salt, SECRET.iterations, 32, 'sha256')
    const hmac = (key: Buffer, message: string) => createHmac('sha256', key).update(message).digest()
    const clientKey = hmac(salted, 'Client Key')
    const withoutProof = `c=${c.toString('base64')},r=${NONCE}`
    const serverFirst = `r=${NONCE},s=${SECRET.salt.toString('base64')},i=${SECRET.iterations}`
    const bare = first(header).slice(header.length)
    const signature = hmac(SECRET.storedKey, `${bare},${serverFirst},${withoutProof}`)
    const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0))
    return Buffer.from(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`)
  }

  const BOUND = 'p=tls-server-end-point,,'

  test('lets in who saw the same certificate', () => {
    const final = finish(BOUND, Buffer.concat([Buffer.from(BOUND), DATA]))
    expect(start(BOUND, true).verify(final)?.toString()).toMatch(/^v=/)
  })

  test.each([
    ['another certificate', Buffer.concat([Buffer.from(BOUND), Buffer.alloc(32)])],
    ['none', Buffer.from(BOUND)],
    ['it in part', Buffer.concat([Buffer.from(BOUND), DATA.subarray(1)])],
  ])('keeps out who saw %s, whatever the proof', (_, c) => {
    expect(() => start(BOUND, true).verify(finish(BOUND, c))).toThrow(/channel binding differs/)
  })

  test('is not forced on a client that cannot', () => {
    expect(
      start('n,,', false)
        .verify(finish('n,,', Buffer.from('n,,')))
        ?.toString(),
    ).toMatch(/^v=/)
  })

  test.each([
    ['a client that was told there is none, though it was offered', 'y,,', false],
    ['its mechanism without it', 'n,,', true],
    ['its mechanism with a client that says it is not offered', 'y,,', true],
    ['it in the mechanism without it', BOUND, false],
    ['an unknown type', 'p=tls-unique,,', true],
  ])('refuses %s', (_, header, chosen) => {
    expect(() => start(header, chosen)).toThrow(expect.objectContaining({ code: 'PROTOCOL_VIOLATION' }))
  })

  test('that is not offered may be missed: the client could have it, and goes on', () => {
    expect(challenge(Buffer.from(first('y,,')), SECRET).message.toString()).toMatch(/^r=/)
  })
})

describe('refuses', () => {
  test.each([
    ['an empty message', ''],
    ['a NUL', 'n,,n=user\0,r=abc'],
    ['channel binding that was not offered', 'p=tls-server-end-point,,n=user,r=abc'],
    ['an unknown binding flag', 'x,,n=user,r=abc'],
    ['an authorization identity', 'n,a=other,n=user,r=abc'],
    ['a mandatory extension', 'n,,m=x,n=user,r=abc'],
    ['no user name', 'n,,r=abc'],
    ['no nonce', 'n,,n=user'],
    ['an empty nonce', 'n,,n=user,r='],
    ['a nonce that is not printable', 'n,,n=user,r=a\u0001b'],
  ])('a first message with %s', (_, clientFirst) => {
    expect(() => challenge(Buffer.from(clientFirst), SECRET)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_VIOLATION' }),
    )
  })

  test.each([
    ['an empty message', ''],
    ['the binding flag changed', `c=eSws,r=${NONCE},p=${PROOF}`],
    ['binding data', `c=biwsYQ==,r=${NONCE},p=${PROOF}`],
    ['another nonce', `c=biws,r=${NONCE}x,p=${PROOF}`],
    ['the client’s nonce alone', `c=biws,r=rOprNGfwEbeRWgbNEkqO,p=${PROOF}`],
    ['no proof', `c=biws,r=${NONCE}`],
    ['a proof of another length', `c=biws,r=${NONCE},p=YWJj`],
    ['a proof that is not base64', `c=biws,r=${NONCE},p=${'*'.repeat(44)}`],
    ['something behind the proof', `c=biws,r=${NONCE},p=${PROOF},x=y`],
    ['the proof in place of the nonce', `c=biws,p=${PROOF}`],
  ])('a final message with %s', (_, clientFinal) => {
    expect(() => exchange(CLIENT_FIRST, clientFinal)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_VIOLATION' }),
    )
  })

  test('an unsupported extension under a proof made without it', () => {
    expect(exchange(CLIENT_FIRST, `c=biws,r=${NONCE},x=y,p=${PROOF}`)).toBeUndefined()
  })

  test('random messages, by nothing but PROTOCOL_VIOLATION', () => {
    const pieces = fc
      .array(fc.constantFrom('n', 'y', ',', 'p=', 'a=', 'n=', 'r=', 'c=biws', NONCE, PROOF, '\0', 'é'))
      .map((parts) => Buffer.from(parts.join('')))
    const message = fc.oneof(
      pieces,
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    )
    fc.assert(
      fc.property(message, message, (clientFirst, clientFinal) => {
        for (const first of [clientFirst, Buffer.from(CLIENT_FIRST)]) {
          try {
            expect(challenge(first, SECRET, { serverNonce: SERVER_NONCE }).verify(clientFinal)).toBeNull()
          } catch (error) {
            expect(error).toBeInstanceOf(GatewayError)
            expect(error).toMatchObject({ code: 'PROTOCOL_VIOLATION' })
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})
