import { afterEach, beforeEach, expect, test } from 'vitest'
import { connectUpstream } from '../../../src/upstream/handshake.js'
import { HealthCheck } from '../../../src/upstream/health-check.js'
import { ServerConnection } from '../../../src/upstream/server-connection.js'
import { ReadyForQuery } from '../../../src/wire/messages/ready-for-query.js'
import { RecordingLessee } from '../../support/recording-lessee.js'
import { ScriptedServer } from '../../support/scripted-server.js'

let server: ScriptedServer
beforeEach(async () => {
  server = await ScriptedServer.start()
})
afterEach(() => server.stop())

async function connect(closed: (cause: Error | null) => void = () => {}): Promise<ServerConnection> {
  const handshake = await connectUpstream({ url: server.url, settings: new Map(), connectTimeoutMs: 5_000 })
  const options = { preparedStatements: 1, expiresMs: Number.POSITIVE_INFINITY }
  return new ServerConnection(handshake, { ...options, closed: (_, cause) => closed(cause) })
}

test('a connection that answers stays, and is idle again', async () => {
  const connection = await connect()
  server.onMessage = ({ socket }) => socket.write(ReadyForQuery.encode({ status: 'I' }))
  HealthCheck.start(connection, 20_000)
  expect(connection.isIdle).toBe(false)
  await expect.poll(() => connection.isIdle).toBe(true)
  connection.destroy()
})

test('a connection that says nothing is ended, and whoever has it is told', async () => {
  const lessee = new RecordingLessee()
  const cause = await new Promise<Error | null>((resolve) => {
    void connect(resolve).then((connection) => {
      connection.lessee = lessee
      HealthCheck.start(connection, 10)
    })
  })
  expect(cause?.message).toContain('does not answer')
  expect(lessee.told).toHaveLength(1)
})

test('what answers a check goes to nobody, and is no end of what was asked behind it', async () => {
  const connection = await connect()
  HealthCheck.start(connection, 20_000)
  const lessee = new RecordingLessee()
  connection.lessee = lessee
  await expect.poll(() => server.connections[0]?.heard).toEqual(['> Sync'])
  server.connections[0]?.socket.write(ReadyForQuery.encode({ status: 'I' }))
  await expect.poll(() => lessee.told).toEqual(['ready I', 'idle'])
  expect(lessee.client).toHaveLength(0)
  connection.destroy()
})
