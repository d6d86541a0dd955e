import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { failOnLeaks } from '../../support/leak-check.js'

describe('failOnLeaks', () => {
  failOnLeaks()

  test('is content with what is closed in the end', async () => {
    const server = createServer((socket) => socket.end('bye')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').resume()
    await once(socket, 'close')
    server.close()
    expect(socket.destroyed).toBe(true)
  })

  test.fails('fails a test that leaves a server listening', async ({ onTestFinished }) => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      server.close()
    })
  })
})
