import type { CompiledStatement, CompiledText } from '../sql/compiled.js'
import { unsupported } from '../sql/refusals.js'
import { type Copying, ExpectedReply, type Origin, Request } from '../upstream/expected-replies.js'
import { queryPieces, SYNC } from '../upstream/server-frame.js'
import { decodeFrame } from '../wire/codec.js'
import type { Frame } from '../wire/frame.js'
import { Query } from '../wire/messages/query.js'
import { anticipate } from './anticipate.js'
import { watched } from './client-statement.js'
import { demandPrepared } from './prepared-names.js'
import { recordStatement } from './record-statement.js'
import { refuse } from './refuse.js'
import type { Session } from './session.js'
import { warnOfWithheld, withholds } from './withheld.js'

/** Query: every statement of the text is compiled before the first one runs. */
export function query(session: Session, frame: Frame): boolean {
  if (session.lease.mustWaitForNames() || !session.knows('') || !endsPipeline(session)) return false
  const { text } = decodeFrame(Query, frame)
  // gone with every Query, also with one that fails
  session.statements.delete('')
  try {
    const compilation = session.compile(text, [], 'simple')
    if (compilation === null) return false
    const { compiled, sql } = compilation
    if (!demandPrepared(session, compilation)) return false
    if (withholds(compiled) && !session.lease.hasAllAnswers()) return false
    const connection = session.lease.take()
    if (connection === null) return false
    if (!session.countStatement()) return false
    recordStatement(session, text)
    warnOfWithheld(session, compiled, text)
    anticipate(session, connection, compiled)
    const reply = new ExpectedReply(Request.Query, 'relay', new QueryRun(compiled, text))
    // one without statements needs no portal
    if (compiled.statements.length > 0) session.unnamedPortal.querying()
    connection.sendPieces(queryPieces(sql), reply)
  } catch (error) {
    refuse(session, { error, text, cycle: 'simple' })
  }
  return true
}

/**
 * Ends a pipeline that a Query stands behind without a Sync between them, once it is known that it succeeded.
 *
 * Left to itself PostgreSQL 18 keeps the transaction open, and fails the first statement behind the next Sync,
 * which would be another client's.
 */
function endsPipeline({ connection, lease }: Session): boolean {
  if (connection?.isMidCycle !== true) return true
  if (!lease.hasAllAnswers()) return false
  connection.send(SYNC, new ExpectedReply(Request.Sync, 'swallow'))
  return true
}

/** FunctionCall calls past the parser, by OID. */
export function functionCall(session: Session): boolean {
  const error = unsupported('functionCallMessage')
  refuse(session, { error, text: Buffer.from('FunctionCall'), cycle: 'simple' })
  return true
}

/** A text that runs: its statements complete one after the other. */
class QueryRun implements Origin {
  readonly text: CompiledText
  readonly statement = null
  readonly #written: Buffer
  #completed = 0

  constructor(text: CompiledText, written: Buffer) {
    this.text = text
    this.#written = written
  }

  completes(): CompiledStatement | null {
    this.#completed += 1
    return watched(this.text, this.#completed - 1)
  }

  copying(): Copying | null {
    const copyIn = this.text.statements[this.#completed]?.copyIn
    return copyIn === undefined ? null : { copyIn, text: this.#written }
  }

  written(): Buffer {
    return this.#written
  }

  settled(): void {
    // each statement's effect is known from its CommandComplete
  }
}
