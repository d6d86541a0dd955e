import { isUtf8 } from 'node:buffer'
import { type Codec, decodeFrame } from './codec.js'
import { CODECS } from './codecs.js'
import { type Frame, HEADER_BYTES } from './frame.js'
import { FrameDecoder } from './frame-decoder.js'
import { frameTable } from './frame-table.js'
import { type Direction, messageName, messageTypes } from './message-names.js'

/** What differs from run to run, or is secret. */
const HIDDEN: ReadonlySet<string> = new Set([
  'BackendKeyData.processId',
  'BackendKeyData.secret',
  'NotificationResponse.processId',
  'AuthenticationSASLContinue.data',
  'AuthenticationSASLFinal.data',
])

/**
 * A readable rendering of messages for golden files: one line each, the same for the same conversation.
 *
 * Process ids, keys and all that a client says about its password are shown as `*`.
 *
 * Shape    `> Query text="select 1"` for the client, `< ReadyForQuery status="T"` for the server
 * Throws   PROTOCOL_VIOLATION
 */
export function trace(direction: Direction, stream: Buffer): readonly string[] {
  const tags = messageTypes(direction)
  const assembled = Object.fromEntries(tags.map((tag) => [tag, 0x3fffffff]))
  const decoder = new FrameDecoder(frameTable({ phase: 'trace', direction, assembled }))
  decoder.feed(stream)
  const lines: string[] = []
  while (decoder.next() === 'frame') lines.push(traceFrame(direction, decoder))
  if (decoder.bufferedBytes > 0) lines.push(`${arrow(direction)} … ${decoder.bufferedBytes} bytes`)
  return lines
}

/** One line for one message. */
export function traceFrame(direction: Direction, frame: Frame): string {
  const codec = codecOf(direction, frame)
  if (codec === undefined) return `${arrow(direction)} ${nameOf(direction, frame)} *`
  const fields = Object.entries(decodeFrame(codec, frame) as object).map(([field, value]) =>
    HIDDEN.has(`${codec.name}.${field}`) ? `${field}=*` : `${field}=${shown(value)}`,
  )
  return [`${arrow(direction)} ${codec.name}`, ...fields].join(' ')
}

function arrow(direction: Direction): string {
  return direction === 'frontend' ? '>' : '<'
}

function nameOf(direction: Direction, frame: Frame): string {
  return messageName(direction, frame.bytes[frame.start] ?? 0) ?? 'unknown'
}

/** Undefined for `p`, whose meaning depends on what was said before, and for what has no codec. */
function codecOf(direction: Direction, frame: Frame): Codec<unknown> | undefined {
  const tag = String.fromCharCode(frame.bytes[frame.start] ?? 0)
  if (direction === 'frontend' && tag === 'p') return undefined
  const candidates = CODECS[direction].filter((codec) => codec.tag === tag)
  if (tag !== 'R' || frame.end - frame.start < HEADER_BYTES + 4) return candidates[0]
  const code = frame.bytes.readInt32BE(frame.start + HEADER_BYTES)
  return candidates.find((codec) => 'code' in codec && codec.code === code)
}

function shown(value: unknown): string {
  if (Buffer.isBuffer(value))
    return isUtf8(value) ? JSON.stringify(value.toString()) : `\\x${value.toString('hex')}`
  if (value instanceof Map) return `{${[...value].map(([key, text]) => `${key}=${shown(text)}`).join(' ')}}`
  if (Array.isArray(value)) return `[${value.map(shown).join(' ')}]`
  if (typeof value === 'object' && value !== null) return `(${Object.values(value).map(shown).join(' ')})`
  return JSON.stringify(value)
}
