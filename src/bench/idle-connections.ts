import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Failure } from './measure.js'
import type { Peer } from './peer.js'
import { processMemory } from './process-memory.js'
import { ScramLogin } from './scram-login.js'

/** What clients cost that have logged in and say nothing. */
export interface IdleCost {
  readonly connections: number
  /** Units: kB (1024 bytes) of the process in the middle for each. */
  readonly kBEach: number
}

/** Opened first and not counted: what they cost is the first use of everything. */
const FIRST = 1_000
const COUNTED = 4_000
const AT_ONCE = 50
/** For what is done behind a login. */
const SETTLE_MS = 1_000

/** Opens 5,000 connections to a peer, and closes them again. */
export async function measureIdle(peer: Peer, signal: AbortSignal): Promise<IdleCost | Failure> {
  const sockets: Socket[] = []
  try {
    const login = new ScramLogin(peer.credentials)
    // the relay has no login: a connection that says nothing costs its socket
    const open = peer.name === 'relay' ? () => plain(peer) : () => login.open()
    const before = await memoryWith(peer, sockets, { open, count: FIRST, signal })
    const after = await memoryWith(peer, sockets, { open, count: COUNTED, signal })
    return { connections: sockets.length, kBEach: (after - before) / COUNTED }
  } catch (error) {
    signal.throwIfAborted()
    return { failure: error instanceof Error ? error.message : String(error) }
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}

interface Opening {
  readonly open: () => Promise<Socket>
  readonly count: number
  readonly signal: AbortSignal
}

async function memoryWith(
  { pid }: Peer,
  sockets: Socket[],
  { open, count, signal }: Opening,
): Promise<number> {
  for (let opened = 0; opened < count; opened += AT_ONCE) {
    signal.throwIfAborted()
    sockets.push(...(await Promise.all(Array.from({ length: AT_ONCE }, open))))
  }
  await delay(SETTLE_MS)
  const memory = pid === null ? null : processMemory(pid)
  if (memory === null) throw new Error('there is no /proc to be asked')
  return memory.kB
}

function plain({ credentials: { host, port } }: Peer): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    socket.once('connect', () => resolve(socket))
    socket.on('error', reject)
  })
}
