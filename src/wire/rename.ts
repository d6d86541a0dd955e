import { invariant } from '../core/invariant.js'
import { BodyReader } from './body-reader.js'
import { type Frame, HEADER_BYTES } from './frame.js'

const CLOSE = 'C'.charCodeAt(0)

/**
 * Gives a Bind another prepared statement; portal, formats and parameters are copied as they are, unread.
 *
 * Throws   PROTOCOL_VIOLATION where the names aren't there
 */
export function renameBind(frame: Frame, statement: string): Buffer {
  const body = bodyOf('Bind', frame)
  const at = HEADER_BYTES + body.skipCstring() + 1
  return replaceName(frame, { name: statement, at, oldLength: body.skipCstring() })
}

/** Gives a Parse another statement name; text and types are copied as they are. Throws as renameBind. */
export function renameParse(frame: Frame, statement: string): Buffer {
  const oldLength = bodyOf('Parse', frame).skipCstring()
  return replaceName(frame, { name: statement, at: HEADER_BYTES, oldLength })
}

/** Gives a Describe or Close another statement or portal. Throws as renameBind. */
export function renameTarget(frame: Frame, name: string): Buffer {
  const body = bodyOf(frame.bytes[frame.start] === CLOSE ? 'Close' : 'Describe', frame)
  body.byte()
  return replaceName(frame, { name, at: HEADER_BYTES + 1, oldLength: body.skipCstring() })
}

/** Gives an Execute another portal. Throws as renameBind. */
export function renameExecute(frame: Frame, portal: string): Buffer {
  const oldLength = bodyOf('Execute', frame).skipCstring()
  return replaceName(frame, { name: portal, at: HEADER_BYTES, oldLength })
}

/** The prepared statement that a Bind names, read without its parameters. Throws as renameBind. */
export function bindStatement(frame: Frame): string {
  const body = bodyOf('Bind', frame)
  body.skipCstring()
  return body.cstring()
}

function bodyOf(message: string, frame: Frame): BodyReader {
  return new BodyReader(message, frame.bytes, { start: frame.start + HEADER_BYTES, end: frame.end })
}

interface NameEdit {
  readonly name: string
  /** Offset in the frame. */
  readonly at: number
  /** Bytes, without the NUL, which stays. */
  readonly oldLength: number
}

function replaceName(frame: Frame, edit: NameEdit): Buffer {
  invariant(!edit.name.includes('\0'), 'a name on the wire holds no NUL')
  const added = Buffer.byteLength(edit.name) - edit.oldLength
  const edited = Buffer.allocUnsafe(frame.end - frame.start + added)
  frame.bytes.copy(edited, 0, frame.start, frame.start + edit.at)
  const after = edit.at + edited.write(edit.name, edit.at)
  frame.bytes.copy(edited, after, frame.start + edit.at + edit.oldLength, frame.end)
  edited.writeInt32BE(edited.length - 1, 1)
  return edited
}
