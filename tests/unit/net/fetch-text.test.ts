import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createEncrypted } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { fetchText } from '../../../src/net/fetch-text.js'
import { TestCa } from '../../support/certificates.js'

const LIMITS = { maxBytes: 1_000, timeoutMs: 5_000 }

async function served(listener: RequestListener, use: (url: string) => Promise<unknown>): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

test('gives the body', () =>
  served(
    (request, response) => response.end(`${request.url} ü`),
    async (url) => expect(await fetchText(url, LIMITS)).toBe('/keys ü'),
  ))

test.each([
  ['a status that is not 200', 404, /status 404$/],
  ['a redirect', 302, /status 302$/],
])('refuses %s', (_, status, message) =>
  served(
    (_request, response) => response.writeHead(status, { location: '/elsewhere' }).end('secret'),
    async (url) => expect(fetchText(url, LIMITS)).rejects.toThrow(message),
  ),
)

test('reads no more than it may', () =>
  served(
    (_request, response) => {
      const endless = () => void (response.writable && response.write('x'.repeat(500), endless))
      endless()
    },
    async (url) => expect(fetchText(url, LIMITS)).rejects.toThrow('longer than 1000 bytes'),
  ))

test('waits no longer than it may, for the answer or for its end', async () => {
  const limits = { ...LIMITS, timeoutMs: 50 }
  await served(
    () => {},
    async (url) => expect(fetchText(url, limits)).rejects.toThrow(/abort|timeout/i),
  )
  await served(
    (_request, response) => response.write('x'),
    async (url) => expect(fetchText(url, limits)).rejects.toThrow(/abort|timeout/i),
  )
})

test('trusts no certificate of an authority that is not known', async () => {
  const { certificate: cert, key } = await (await TestCa.create('somebody')).server()
  const server = createEncrypted({ cert, key }, (_, response) => response.end('secret')).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await expect(fetchText(`https://127.0.0.1:${port}/`, LIMITS)).rejects.toThrow(/certificate/)
  server.close()
})

test('says that nobody is there', async () => {
  await expect(fetchText('http://127.0.0.1:1/', LIMITS)).rejects.toThrow('ECONNREFUSED')
})
