import { invariant } from '../core/invariant.js'
import type { VerifiedSql } from '../sql/compiled.js'
import type { UnscopedSql } from '../sql/unscoped.js'
import { HEADER_BYTES } from '../wire/frame.js'
import { Flush } from '../wire/messages/flush.js'
import { Sync } from '../wire/messages/sync.js'
import { type OwnSql, REFUSED } from './own-sql.js'

declare const forServer: unique symbol
/** One or more messages that a server may get; text reaches it verified, as an operator's or as the gateway's own, never otherwise. */
export type ServerFrame = Buffer & { readonly [forServer]: true }

const QUERY = 'Q'.charCodeAt(0)
const PARSE = 'P'.charCodeAt(0)
const FUNCTION_CALL = 'F'.charCodeAt(0)
const CLOSE = 'C'.charCodeAt(0)

/** Wire     Byte1('Q') · Int32 length · String text */
export function queryFrame(sql: VerifiedSql | UnscopedSql | OwnSql): ServerFrame {
  const frame = Buffer.allocUnsafe(HEADER_BYTES + sql.length + 1)
  frame[0] = QUERY
  frame.writeInt32BE(frame.length - 1, 1)
  sql.copy(frame, HEADER_BYTES)
  frame[frame.length - 1] = 0
  return frame as ServerFrame
}

/** From here on a text isn't copied into its frame. */
const LARGE_BYTES = 262_144
const NO_TEXT = Buffer.alloc(0) as OwnSql

/** The frame of a Query in one piece, or in several that follow each other. */
export function queryPieces(sql: VerifiedSql): readonly ServerFrame[] {
  return sql.length < LARGE_BYTES ? [queryFrame(sql)] : inPieces(queryFrame(NO_TEXT), HEADER_BYTES, sql)
}

/** The same of a Parse. */
export function parsePieces(
  name: string,
  sql: VerifiedSql,
  parameterTypes: readonly number[],
): readonly ServerFrame[] {
  if (sql.length < LARGE_BYTES) return [parseFrame(name, sql, parameterTypes)]
  const frame = parseFrame(name, NO_TEXT, parameterTypes)
  return inPieces(frame, HEADER_BYTES + Buffer.byteLength(name) + 1, sql)
}

/** A frame without its text, and the text in its place. */
function inPieces(frame: ServerFrame, at: number, sql: VerifiedSql): readonly ServerFrame[] {
  frame.writeInt32BE(frame.length - 1 + sql.length, 1)
  return [frame.subarray(0, at), sql, frame.subarray(at)] as Buffer[] as ServerFrame[]
}

/** Wire     Byte1('P') · Int32 length · String name · String text · Int16 count · Int32[] type OIDs */
export function parseFrame(
  name: string,
  sql: VerifiedSql | UnscopedSql | OwnSql,
  parameterTypes: readonly number[] = [],
): ServerFrame {
  const nameBytes = Buffer.byteLength(name)
  const length = HEADER_BYTES + nameBytes + 1 + sql.length + 1 + 2 + 4 * parameterTypes.length
  const frame = Buffer.allocUnsafe(length)
  frame[0] = PARSE
  frame.writeInt32BE(length - 1, 1)
  let at = HEADER_BYTES + frame.write(name, HEADER_BYTES)
  frame[at] = 0
  at += 1 + sql.copy(frame, at + 1)
  frame[at] = 0
  at = frame.writeUInt16BE(parameterTypes.length, at + 1)
  for (const type of parameterTypes) at = frame.writeUInt32BE(type, at)
  return frame as ServerFrame
}

/** Wire     Byte1('C') · Int32 length · Byte1('S') · String name */
export function closeStatementFrame(name: string): ServerFrame {
  const body = Buffer.from(`C\0\0\0\0S${name}\0`, 'latin1')
  body.writeInt32BE(body.length - 1, 1)
  body[0] = CLOSE
  return body as ServerFrame
}

/** A message of a client that carries no SQL text: anything but Query, Parse and FunctionCall. */
export function frameWithoutSql(frame: Buffer): ServerFrame {
  const type = frame[0]
  invariant(type !== QUERY && type !== PARSE && type !== FUNCTION_CALL, 'text reaches the server verified')
  return frame as ServerFrame
}

/** A part of a message whose header went through `frameWithoutSql`. */
export function continuation(bytes: Buffer): ServerFrame {
  return bytes as ServerFrame
}

/** Fails; its name is never one that the server has for a statement. */
export const REFUSED_FRAME = parseFrame('_tg_refused', REFUSED)
export const SYNC = frameWithoutSql(Sync.bytes)
export const FLUSH = frameWithoutSql(Flush.bytes)
