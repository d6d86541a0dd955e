import { type Direction, messageTypes } from './message-names.js'

/**
 * What is accepted in one phase of a connection, per type byte: how large, and whether wanted whole.
 *
 * A table per phase makes "illegal here" a property of the header: nothing of such a message is read.
 */
export interface FrameTable {
  /** For messages to people: `unexpected Bind message during authentication`. */
  readonly phase: string
  readonly direction: Direction
  /** False before the protocol has begun: startup packets are a length and a body, cut as type 0. */
  readonly typed: boolean
  /** Largest body in bytes; -1: not accepted in this phase. */
  readonly maxBodyBytes: Int32Array
  /** 1: a frame that spans chunks is assembled; 0: it streams through in parts. */
  readonly assembled: Uint8Array
}

export interface FrameTableOptions {
  readonly phase: string
  readonly direction: Direction
  /** Type byte → largest body in bytes. */
  readonly assembled: Readonly<Record<string, number>>
  readonly streamed?: Readonly<Record<string, number>>
}

export function frameTable(options: FrameTableOptions): FrameTable {
  const maxBodyBytes = new Int32Array(256).fill(-1)
  const assembled = new Uint8Array(256)
  for (const [tag, maximum] of Object.entries(options.streamed ?? {}))
    maxBodyBytes[tag.charCodeAt(0)] = maximum
  for (const [tag, maximum] of Object.entries(options.assembled)) {
    maxBodyBytes[tag.charCodeAt(0)] = maximum
    assembled[tag.charCodeAt(0)] = 1
  }
  return { phase: options.phase, direction: options.direction, typed: true, maxBodyBytes, assembled }
}

/** PostgreSQL's own limit for one message. */
export const MAX_MESSAGE_BYTES = 0x3fffffff
/** A message of names and numbers only; the server's limit for these as well (PQ_SMALL_MESSAGE_LIMIT). */
const SMALL = 10_000
/** PG_MAX_AUTH_TOKEN_LENGTH. */
const MAX_AUTHENTICATION_BYTES = 65_535

/**
 * The packets before authentication; MAX_STARTUP_PACKET_LENGTH of the server.
 *
 * Source   src/backend/tcop/backend_startup.c
 */
export const STARTUP_FRAMES: FrameTable = {
  phase: 'startup',
  direction: 'frontend',
  typed: false,
  maxBodyBytes: new Int32Array(256).fill(-1).fill(10_000, 0, 1),
  assembled: new Uint8Array(256).fill(1, 0, 1),
}

/** What a client may send while it logs in: answers, or its farewell. */
export const AUTHENTICATION_FRAMES: FrameTable = frameTable({
  phase: 'authentication',
  direction: 'frontend',
  assembled: { p: MAX_AUTHENTICATION_BYTES, X: 0 },
})

/**
 * What a client may send once it is logged in. CopyData streams, everything else is wanted whole.
 *
 * Source   SocketBackend in src/backend/tcop/postgres.c
 */
export function frontendFrames(maxMessageBytes: number): FrameTable {
  return frameTable({
    phase: 'query processing',
    direction: 'frontend',
    assembled: {
      ...{ Q: maxMessageBytes, P: maxMessageBytes, B: maxMessageBytes, F: maxMessageBytes },
      ...{ C: SMALL, D: SMALL, E: SMALL, H: 0, S: 0, X: 0, c: 0, f: maxMessageBytes },
    },
    streamed: { d: MAX_MESSAGE_BYTES },
  })
}

/**
 * What a server may send. Rows, COPY data and function results stream.
 *
 * `assembledTypes` names what the relay looks at; the rest streams through.
 */
export function backendFrames(
  maxMessageBytes: number,
  assembledTypes: readonly string[] = BACKEND_ASSEMBLED,
): FrameTable {
  const streamed = messageTypes('backend').filter((tag) => !assembledTypes.includes(tag))
  return frameTable({
    phase: 'query processing',
    direction: 'backend',
    assembled: Object.fromEntries(assembledTypes.map((tag) => [tag, maxMessageBytes])),
    streamed: Object.fromEntries(streamed.map((tag) => [tag, 0x7ffffff0])),
  })
}

const BACKEND_ASSEMBLED = messageTypes('backend').filter((tag) => !['D', 'd', 'V'].includes(tag))
