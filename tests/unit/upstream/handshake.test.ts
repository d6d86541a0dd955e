import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connectUpstream } from '../../../src/upstream/handshake.js'
import { AuthenticationOk } from '../../../src/wire/messages/authentication-ok.js'
import { AuthenticationSASL } from '../../../src/wire/messages/authentication-sasl.js'
import { ErrorResponse } from '../../../src/wire/messages/error-response.js'
import { ParameterStatus } from '../../../src/wire/messages/parameter-status.js'

let server: Server
/** What the server says as soon as it hears anything, and hangs up. */
let greeting: Buffer

beforeEach(async () => {
  server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(greeting))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  server.close()
  await once(server, 'close')
})

function handshake(said: Buffer): Promise<unknown> {
  greeting = said
  const { port } = server.address() as AddressInfo
  const url = `postgres://someone:secret@127.0.0.1:${port}/app`
  return connectUpstream({ url, settings: new Map(), connectTimeoutMs: 2_000 })
}

const error = ErrorResponse.encode({ fields: new Map([['M', 'no']]) })

test.each([
  ['an error without its end', Buffer.concat([error.subarray(0, -1), Buffer.from('x')])],
  ['an error whose text has no end', Buffer.from('E\0\0\0\x07Mno', 'latin1')],
  ['an authentication that nobody knows', Buffer.from('R\0\0\0\x08\0\0\x20\x0a', 'latin1')],
  ['a length below itself', Buffer.from('R\0\0\0\0\0\0\0\0', 'latin1')],
  ['nothing', Buffer.alloc(0)],
])('a server that says %s fails the handshake', async (_title, said) => {
  await expect(handshake(said)).rejects.toThrow()
})

const valid = Buffer.concat([
  AuthenticationSASL.encode({ mechanisms: ['SCRAM-SHA-256'] }),
  AuthenticationOk.encode({}),
  ParameterStatus.encode({ parameter: 'server_version', value: '18.0' }),
  error,
])

test('whatever a server says, the handshake comes to its end', async () => {
  const changes = fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(changes, fc.nat(valid.length), async (changed, start) => {
      const said = Buffer.from(valid)
      for (const [at, byte] of changed) said[at] = byte
      await expect(handshake(said.subarray(start % 2 === 0 ? 0 : start))).rejects.toThrow()
    }),
    { numRuns: 60 },
  )
})

test.each([
  ['a mechanism that nobody knows', AuthenticationSASL.encode({ mechanisms: ['NONE'] })],
  ['a proof that isn’t one', Buffer.from('R\0\0\0\x0c\0\0\0\x0cv=no', 'latin1')],
])('a server that comes with %s, and stays, is left', async (_title, said) => {
  const left = new Promise((resolve) => {
    server.removeAllListeners('connection')
    server.once('connection', (socket) => {
      socket.on('error', () => {})
      socket.once('data', () => socket.write(said))
      socket.once('close', resolve)
    })
  })
  await expect(handshake(said)).rejects.toThrow()
  await left
})
