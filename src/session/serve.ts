import type { FrameDecoder } from '../wire/frame-decoder.js'
import type { MessageTable } from './client-loop.js'
import { copy, copyPart } from './copy.js'
import { duringCopy } from './copy-phase.js'
import { bind } from './extended/bind.js'
import { close } from './extended/close.js'
import { describe } from './extended/describe.js'
import { execute } from './extended/execute.js'
import { flush } from './extended/flush.js'
import { parse } from './extended/parse.js'
import { sync } from './extended/sync.js'
import type { MessageHandler } from './message-handler.js'
import { refuse } from './refuse.js'
import type { Session } from './session.js'
import { functionCall, query } from './simple-query.js'

/** Every message that a client may send once it is logged in; the frame table lets no other through. */
const HANDLERS: Readonly<Record<string, MessageHandler>> = {
  B: bind,
  C: close,
  D: describe,
  E: execute,
  F: functionCall,
  H: flush,
  P: parse,
  Q: query,
  S: sync,
  X: terminate,
}
const BY_TYPE: readonly (MessageHandler | undefined)[] = tableOf(HANDLERS)
/** CopyData, CopyDone, CopyFail. */
const COPY = Uint8Array.from({ length: 256 }, (_, type) =>
  'dcf'.includes(String.fromCharCode(type)) ? 1 : 0,
)
const QUERY = 'Q'.charCodeAt(0)
const FUNCTION_CALL = 'F'.charCodeAt(0)
const SYNC = 'S'.charCodeAt(0)
const TERMINATE = 'X'.charCodeAt(0)

/** What becomes of the messages of a tenants' session. */
export const MESSAGES: MessageTable<Session> = {
  handle,
  part: copyPart,
  waited: (session) => session.compiling.forget(),
}

function handle(session: Session, decoder: FrameDecoder): boolean {
  const { type } = decoder
  if (session.endIfAsked()) return true
  if (type !== SYNC && type !== TERMINATE && isSkipped(session)) return true
  if (session.lease.aftermath.hasUntold && type !== TERMINATE) tellLoss(session, type)
  else return dispatch(session, decoder)
  return true
}

/** The client's message is too late: what it relies on is gone. */
function tellLoss(session: Session, type: number): void {
  const error = session.lease.aftermath.takeUntold()
  refuse(session, {
    error,
    text: null,
    cycle: type === QUERY || type === FUNCTION_CALL ? 'simple' : 'extended',
  })
  if (type === SYNC) sync(session)
}

function dispatch(session: Session, decoder: FrameDecoder): boolean {
  const { type, remaining } = decoder
  const place = duringCopy(session, type)
  if (place !== 'handle') return place === 'ignore'
  if (type !== TERMINATE && session.lease.mustWaitForAnswers()) return false
  if (COPY[type] === 1) return copy(session, decoder, remaining)
  const handler = BY_TYPE[type]
  if (handler === undefined) throw new Error(`no handler for message type ${type}`)
  return handler(session, decoder)
}

function isSkipped({ skipping, connection }: Session): boolean {
  return skipping || (connection?.replies.skips ?? false)
}

function terminate(session: Session): boolean {
  session.close()
  return true
}

function tableOf(
  handlers: Readonly<Record<string, MessageHandler>>,
): readonly (MessageHandler | undefined)[] {
  const table: (MessageHandler | undefined)[] = new Array(256).fill(undefined)
  for (const [tag, handler] of Object.entries(handlers)) table[tag.charCodeAt(0)] = handler
  return table
}
