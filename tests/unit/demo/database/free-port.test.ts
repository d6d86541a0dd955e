import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePort } from '../../../../src/demo/database/free-port.js'

test('keeps to the preferred port while nobody listens on it', async () => {
  const port = await freePort()
  expect(await freePort(port)).toBe(port)
})

test('gives another port when the preferred one is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const taken = (server.address() as AddressInfo).port
  try {
    expect(await freePort(taken)).not.toBe(taken)
  } finally {
    server.close()
  }
})
