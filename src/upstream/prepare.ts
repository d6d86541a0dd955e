import { createHash } from 'node:crypto'
import type { CompiledText, VerifiedSql } from '../sql/compiled.js'
import { ExpectedReply, type Origin, type Outcome, Request } from './expected-replies.js'
import { Preparation } from './prepared-statements.js'
import type { ServerConnection } from './server-connection.js'
import { closeStatementFrame, parsePieces } from './server-frame.js'

/** A statement as servers know it: one name for one text, whoever prepares it and wherever. */
export interface ServerStatement {
  readonly name: string
  readonly sql: VerifiedSql
  readonly parameterTypes: readonly number[]
  readonly text: CompiledText
}

const NAME_CHARACTERS = 24
/** Of one text; a text whose literals mean the moment has a new one each time. */
const MAX_NAMES = 64
/** Of texts that live in the plan cache; by generation and parameter types. */
const names = new WeakMap<VerifiedSql, Map<string, string>>()

/**
 * The name is the hash of what it stands for: the same statement of one tenant is parsed once per server connection.
 *
 * `meaning`: what else its literals and names depend on when it is parsed: the schema's generation, the settings; and whose it
 * is. A statement that was prepared under another one is not met again.
 */
export function serverStatementName(
  sql: VerifiedSql,
  parameterTypes: readonly number[],
  meaning: string,
): string {
  let known = names.get(sql)
  if (known === undefined) {
    known = new Map()
    names.set(sql, known)
  }
  const key = `${meaning}:${parameterTypes.length === 0 ? '' : parameterTypes.join()}`
  let name = known.get(key)
  if (name === undefined) {
    const hash = createHash('sha256').update(key).update('\0').update(sql).digest('base64url')
    name = `tg_${hash.slice(0, NAME_CHARACTERS)}`
    if (known.size >= MAX_NAMES) known.clear()
    known.set(key, name)
  }
  return name
}

/** Under which name the connection has the statement, null where a Parse has to come first. */
export function nameOn(connection: ServerConnection, statement: ServerStatement): string | null {
  const { unnamed, cycle } = connection
  if (unnamed?.name === statement.name && unnamed.preparation.isReadyIn(cycle)) return ''
  return connection.prepared.state(statement.name, cycle) === 'ready' ? statement.name : null
}

/** As `nameOn`, with a Parse of our own in front where one is missing; its error is the client's, its success isn't. */
export function ensurePrepared(
  connection: ServerConnection,
  statement: ServerStatement,
  clientName: string,
): string {
  const name = nameOn(connection, statement)
  if (name !== null) return name
  const preparation = new Preparation(connection.cycle, statement.text, clientName)
  sendParse(connection, statement, {
    preparation,
    reply: new ExpectedReply(Request.Parse, 'swallow', preparation),
  })
  return statement.name
}

/** Prepares under the statement's name; `reply` must tell `preparation` how it ended. */
export function sendParse(
  connection: ServerConnection,
  statement: ServerStatement,
  { preparation, reply }: { readonly preparation: Preparation; readonly reply: ExpectedReply },
): void {
  const { prepared, cycle } = connection
  // closing what isn't there is no error, parsing what is there would be one
  if (prepared.state(statement.name, cycle) === 'unsure') sendClose(connection, statement.name)
  prepared.add(statement.name, preparation)
  const evicted = prepared.evict()
  if (evicted !== null) sendClose(connection, evicted)
  connection.sendPieces(parsePieces(statement.name, statement.sql, statement.parameterTypes), reply)
}

/** Prepares as the server's unnamed statement, for what may never come again. */
export function sendUnnamedParse(
  connection: ServerConnection,
  statement: ServerStatement,
  { preparation, reply }: { readonly preparation: Preparation; readonly reply: ExpectedReply },
): void {
  connection.unnamed = { name: statement.name, preparation }
  connection.sendPieces(parsePieces('', statement.sql, statement.parameterTypes), reply)
}

function sendClose(connection: ServerConnection, name: string): void {
  connection.prepared.close(name)
  const origin = new Closing(connection, name)
  connection.send(closeStatementFrame(name), new ExpectedReply(Request.Close, 'swallow', origin))
}

/** A Close of our own. */
class Closing implements Origin {
  readonly text = null
  readonly statement = null
  readonly #connection: ServerConnection
  readonly #name: string

  constructor(connection: ServerConnection, name: string) {
    this.#connection = connection
    this.#name = name
  }

  completes(): null {
    return null
  }

  settled(outcome: Outcome): void {
    this.#connection.prepared.closed(this.#name, outcome)
  }
}
