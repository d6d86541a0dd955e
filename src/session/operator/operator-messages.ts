import { unscoped } from '../../sql/unscoped.js'
import { ExpectedReply, type Origin, Request } from '../../upstream/expected-replies.js'
import { FLUSH, frameWithoutSql, parseFrame, queryFrame, SYNC } from '../../upstream/server-frame.js'
import { BodyReader } from '../../wire/body-reader.js'
import { decodeFrame } from '../../wire/codec.js'
import { type Frame, frameView, HEADER_BYTES } from '../../wire/frame.js'
import type { FrameDecoder } from '../../wire/frame-decoder.js'
import { Close } from '../../wire/messages/close.js'
import { Parse } from '../../wire/messages/parse.js'
import { Query } from '../../wire/messages/query.js'
import type { MessageTable } from '../client-loop.js'
import { duringCopy } from '../copy-phase.js'
import type { OperatorSession } from './operator-session.js'
import { part, rows } from './raw-copy.js'
import { functionCall } from './refuse-call.js'
import { declaredBySql, preparedBySql, type Run, runOf } from './run.js'

type Handler = (session: OperatorSession, frame: Frame, remaining: number) => boolean

/** Every message that an operator may send; the frame table lets no other through. */
const HANDLERS: Readonly<Record<string, Handler>> = {
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
  c: rows,
  d: rows,
  f: rows,
}
const SYNC_TYPE = 'S'.charCodeAt(0)
const TERMINATE = 'X'.charCodeAt(0)

/** What becomes of the messages of an operator's session: they are sent as they are. */
export const OPERATOR_MESSAGES: MessageTable<OperatorSession> = { handle, part }

function handle(session: OperatorSession, decoder: FrameDecoder): boolean {
  const { type, remaining } = decoder
  session.touch()
  if (session.endIfAsked()) return true
  if (type !== SYNC_TYPE && type !== TERMINATE && session.connection.replies.skips) return true
  const place = duringCopy(session, type)
  if (place !== 'handle') return place === 'ignore'
  if (type !== TERMINATE && session.mustWaitForAnswers()) return false
  const handler = HANDLERS[String.fromCharCode(type)]
  if (handler === undefined) throw new Error(`no handler for message type ${type}`)
  return handler(session, decoder, remaining)
}

/** Query: written down, and sent. */
function query(session: OperatorSession, frame: Frame): boolean {
  const { connection, statements } = session
  if (!session.knows(statements, '')) return false
  const text = unscoped(decodeFrame(Query, frame).text, session.identity.login)
  const run = runOf(text)
  // gone with every Query, also with one that fails
  statements.forget([''])
  if (!session.begin(run, 'simple')) return true
  connection.send(queryFrame(text.sql), new ExpectedReply(Request.Query, 'relay', runs(session, run)))
  return true
}

/** Parse: under the client's own name. */
function parse(session: OperatorSession, frame: Frame): boolean {
  const { statement, text, parameterTypes } = decodeFrame(Parse, frame)
  const { connection, statements } = session
  if (!session.knows(statements, statement)) return false
  // the chunk that the text came in isn't kept for it
  const taken = unscoped(Buffer.from(text), session.identity.login)
  const change = statements.change(statement, runOf(taken), connection.cycle)
  connection.send(
    parseFrame(statement, taken.sql, parameterTypes),
    new ExpectedReply(Request.Parse, 'relay', change),
  )
  return true
}

/** Bind: what the portal runs is written down, and sent. */
function bind(session: OperatorSession, frame: Frame): boolean {
  const names = bodyOf('Bind', frame)
  const [portal, statement] = [names.cstring(), names.cstring()]
  const { connection, portals, statements } = session
  if (!session.knows(statements, statement) || !session.knows(portals, portal)) return false
  const run = statements.get(statement) ?? preparedBySql(statement)
  if (!session.begin(run, 'extended')) return true
  const change = portals.change(portal, run, connection.cycle)
  connection.send(verbatim(frame), new ExpectedReply(Request.Bind, 'relay', change))
  return true
}

/** Execute: written down with Bind, unless the portal is a cursor. */
function execute(session: OperatorSession, frame: Frame): boolean {
  const portal = bodyOf('Execute', frame).cstring()
  if (!session.knows(session.portals, portal)) return false
  const bound = session.portals.get(portal)
  const run = bound ?? declaredBySql(portal)
  if (bound === undefined && !session.begin(run, 'extended')) return true
  session.connection.send(verbatim(frame), new ExpectedReply(Request.Execute, 'relay', runs(session, run)))
  return true
}

function close(session: OperatorSession, frame: Frame): boolean {
  const { target, name } = decodeFrame(Close, frame)
  const names = target === 'statement' ? session.statements : session.portals
  if (!session.knows(names, name)) return false
  const change = names.change(name, null, session.connection.cycle)
  session.connection.send(verbatim(frame), new ExpectedReply(Request.Close, 'relay', change))
  return true
}

const DESCRIBED = new ExpectedReply(Request.Describe, 'relay')

function describe(session: OperatorSession, frame: Frame): boolean {
  session.connection.send(verbatim(frame), DESCRIBED)
  return true
}

function flush({ connection }: OperatorSession): boolean {
  connection.send(FLUSH, null)
  return true
}

const SYNCED = new ExpectedReply(Request.Sync, 'relay')

function sync({ connection }: OperatorSession): boolean {
  connection.send(SYNC, SYNCED)
  return true
}

function terminate(session: OperatorSession): boolean {
  session.close()
  return true
}

function bodyOf(message: string, frame: Frame): BodyReader {
  return new BodyReader(message, frame.bytes, { start: frame.start + HEADER_BYTES, end: frame.end })
}

function verbatim(frame: Frame): ReturnType<typeof frameWithoutSql> {
  return frameWithoutSql(frameView(frame))
}

/** What was deallocated by SQL is forgotten once it has succeeded. */
function runs({ statements }: OperatorSession, { forgets }: Run): Origin {
  return {
    text: null,
    statement: null,
    completes: () => null,
    settled: (outcome) => {
      if (outcome === 'completed') statements.forget(forgets)
    },
  }
}
