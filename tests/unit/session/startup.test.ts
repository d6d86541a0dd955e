import type { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { FrameReader } from '../../../src/session/frame-reader.js'
import { readStartup } from '../../../src/session/startup.js'
import { STARTUP_FRAMES } from '../../../src/wire/frame-table.js'
import { encodeStartupPacket, type StartupPacket } from '../../../src/wire/startup-packet.js'
import { trace } from '../../../src/wire/trace.js'

/** A socket that hears what is fed to it and keeps what is written. */
async function start(...packets: readonly StartupPacket[]) {
  const written: Buffer[] = []
  const socket = new PassThrough() as unknown as Socket
  const reader = new FrameReader(socket, STARTUP_FRAMES)
  socket.emit('data', Buffer.concat(packets.map(encodeStartupPacket)))
  const answering = Object.assign(Object.create(socket), { write: (bytes: Buffer) => written.push(bytes) })
  const request = await readStartup(reader, answering as Socket, false)
  return { request, answers: Buffer.concat(written) }
}

const message = (parameters: Record<string, string>, minorVersion = 0): StartupPacket => ({
  kind: 'startup-message',
  minorVersion,
  parameters: new Map(Object.entries(parameters)),
})

describe('the startup', () => {
  test('says who wants what', async () => {
    const { request, answers } = await start(message({ user: 'alice', database: 'app' }))
    expect(answers).toHaveLength(0)
    expect(request).toMatchObject({ user: 'alice', database: 'app', settings: new Map(), secretBytes: 4 })
  })

  test('takes the user for the database where none is named', async () => {
    expect((await start(message({ user: 'alice' }))).request).toMatchObject({ database: 'alice' })
  })

  test('gives settings in lower case, those of `options` behind those with a name of their own', async () => {
    const parameters = { user: 'a', options: '-c TimeZone=UTC -c work_mem=1', TimeZone: 'Asia/Tokyo' }
    expect((await start(message(parameters))).request).toMatchObject({
      settings: new Map([
        ['timezone', 'Asia/Tokyo'],
        ['work_mem', '1'],
      ]),
    })
  })

  test('speaks protocol 3.2, and offers it to whoever wants more', async () => {
    const latest = await start(message({ user: 'a' }, 2))
    expect([latest.request, latest.answers.length]).toMatchObject([{ secretBytes: 32 }, 0])
    const later = await start(message({ user: 'a' }, 9))
    expect(later.request).toMatchObject({ secretBytes: 32 })
    expect(trace('backend', later.answers)).toEqual(['< NegotiateProtocolVersion version=196610 options=[]'])
  })

  test('names the protocol options that it does not know', async () => {
    const { answers } = await start(message({ user: 'a', '_pq_.magic': 'on' }))
    expect(trace('backend', answers)).toEqual([
      '< NegotiateProtocolVersion version=196608 options=["_pq_.magic"]',
    ])
  })

  test('gives a cancel request for what it is', async () => {
    const cancel: StartupPacket = { kind: 'cancel-request', processId: 7, secret: Buffer.from([1, 2, 3, 4]) }
    expect((await start(cancel)).request).toEqual(cancel)
  })

  test.each([
    ['REPLICATION', { user: 'a', replication: 'true' }],
    ['REPLICATION', { user: 'a', replication: 'database' }],
    ['STARTUP_PARAMETER', {}],
    ['STARTUP_PARAMETER', { user: 'a', options: '-f' }],
  ])('throws %s for %o', async (code, parameters) => {
    await expect(start(message(parameters as Record<string, string>))).rejects.toMatchObject({ code })
  })

  test('is not replication where that is off', async () => {
    expect((await start(message({ user: 'a', replication: 'off' }))).request).toMatchObject({ user: 'a' })
  })
})
