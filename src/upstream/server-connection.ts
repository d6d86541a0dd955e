import type { Socket } from 'node:net'
import type { Effect } from '../sql/compiled.js'
import type { TransactionStatus } from '../wire/messages/ready-for-query.js'
import { cancelUpstream } from './cancel.js'
import { ExpectedReplies, ExpectedReply, type Origin, Request } from './expected-replies.js'
import type { CancelKey, Handshake } from './handshake.js'
import type { Lessee } from './lessee.js'
import { Outgoing } from './outgoing.js'
import { BEGIN, DISCARD_ALL, DISCARD_SEQUENCES, type SettingValues, settingsDifference } from './own-sql.js'
import { type Preparation, PreparedStatements } from './prepared-statements.js'
import { ReplyRelay } from './reply-relay.js'
import { queryFrame, REFUSED_FRAME, type ServerFrame, SYNC } from './server-frame.js'
import { SessionSettings } from './session-settings.js'
import { SettingsInDoubt } from './settings-in-doubt.js'

const NO_SETTINGS: SettingValues = new Map()
const NOTHING = Buffer.alloc(0)

export interface ServerConnectionOptions {
  readonly preparedStatements: number
  /** When it may be used no longer, if nobody has it; as the clock's `monotonicMs`. */
  readonly expiresMs: number
  /** The socket has closed, for whatever reason; called once, after the lessee was told. */
  readonly closed: (connection: ServerConnection, cause: Error | null) => void
}

/**
 * One connection to the server: what is sent, what it owes, what it knows.
 *
 * Belongs to one lessee at a time; the pool holds it between leases.
 */
export class ServerConnection {
  readonly replies = new ExpectedReplies()
  readonly prepared: PreparedStatements
  readonly expiresMs: number
  /** What the server has in force. */
  readonly settings = new SessionSettings(NO_SETTINGS)
  readonly settingsInDoubt = new SettingsInDoubt()
  /** What the server has reported of its settings, as of now. */
  readonly parameters: Map<string, string>
  lessee: Lessee | null = null
  /** As of the last ReadyForQuery. */
  status: TransactionStatus = 'I'
  /** Messages of the extended protocol have been sent, and no Sync: a transaction may be open, whatever `status` says. */
  isMidCycle = false
  /** Counts what has been sent up to a Sync. */
  cycle = 0
  /** What the server's unnamed statement holds, by the name it would have; null where nobody knows. */
  unnamed: { readonly name: string; readonly preparation: Preparation } | null = null
  /** Done when no cancel request can arrive any more. */
  cancelling: Promise<void> | null = null
  readonly #cancelKey: CancelKey
  readonly #socket: Socket
  readonly #outgoing: Outgoing
  readonly #relay: ReplyRelay
  readonly #closed: ServerConnectionOptions['closed']
  #cyclesUnanswered = 0
  #failure: Error | null = null
  #isConfused = false
  /** The server was told to cancel what sends too much; until it knows, nothing is read. */
  #isCutShort = false
  #isCuttingShort = false
  /** Whose statements it ran last. */
  #tenant: string | null = null

  constructor(handshake: Handshake, options: ServerConnectionOptions) {
    this.#cancelKey = handshake.cancelKey
    this.parameters = new Map(handshake.parameters)
    this.prepared = new PreparedStatements(options.preparedStatements)
    this.expiresMs = options.expiresMs
    this.#closed = options.closed
    this.#socket = handshake.socket
    this.#outgoing = new Outgoing(handshake.socket)
    this.#relay = new ReplyRelay(this.replies, this)
    this.#socket.on('data', (chunk) => this.#receive(chunk))
    this.#socket.on('drain', () => this.lessee?.drained())
    this.#socket.on('error', (error) => {
      this.#failure ??= error
    })
    this.#socket.on('close', () => this.#lost())
    this.#socket.resume()
  }

  /** The server takes no more for now; the lessee's `drained` follows. */
  get congested(): boolean {
    return this.#outgoing.congested
  }

  /** Whether what comes now is sure not to meet a transaction that has failed, unless it fails within this cycle. */
  get acceptsStatements(): boolean {
    return this.#cyclesUnanswered === 0 && this.status !== 'E'
  }

  /** Of the server's process: what it calls itself in notifications. */
  get processId(): number {
    return this.#cancelKey.processId
  }

  /** Outside of a transaction, with nothing outstanding. */
  get isIdle(): boolean {
    return this.status === 'I' && this.replies.length === 0 && !this.isMidCycle
  }

  /** The client has the beginning of a message whose end hasn't come: nothing else may be written to it. */
  get isMidMessage(): boolean {
    return this.#relay.isMidMessage
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable
  }

  /** Queues a message and what is expected in return; `flush` sends. */
  send(frame: ServerFrame, reply: ExpectedReply | null): void {
    this.#outgoing.push(frame)
    if (reply === null) return
    this.replies.push(reply)
    // a simple Query destroys the server's unnamed statement
    this.isMidCycle = (reply.request & (Request.Query | Request.Sync)) === 0
    if (!this.isMidCycle) {
      this.cycle += 1
      this.#cyclesUnanswered += 1
    }
    // exec_simple_query begins by dropping it
    if (reply.request === Request.Query) this.unnamed = null
  }

  /** Queues a message that comes in pieces. */
  sendPieces(pieces: readonly ServerFrame[], reply: ExpectedReply): void {
    const last = pieces.length - 1
    for (let i = 0; i <= last; i += 1) {
      const piece = pieces[i]
      if (piece !== undefined) this.send(piece, i === last ? reply : null)
    }
  }

  /** Queues an answer of the gateway's own; it leaves when its turn comes. */
  answer(bytes: Buffer, origin: Origin | null): void {
    this.replies.push(new ExpectedReply(Request.Synthetic, 'relay', origin, bytes))
  }

  flush(): void {
    this.#outgoing.flush()
  }

  /**
   * Makes the server's settings those of a session, in front of what comes next; outside of a transaction.
   *
   * Where another tenant had the connection, currval() would still tell its last number.
   */
  adopt(tenant: string, values: SettingValues): void {
    const changesHands = this.#tenant !== null && this.#tenant !== tenant
    this.#tenant = tenant
    if (changesHands) this.send(queryFrame(DISCARD_SEQUENCES), new ExpectedReply(Request.Query, 'swallow'))
    const difference = settingsDifference(this.settings.values, values, this.settingsInDoubt.take())
    if (difference !== null) this.send(queryFrame(difference), new ExpectedReply(Request.Query, 'swallow'))
    this.settings.replace(values)
  }

  /** The same within a transaction, where a statement of the client has made them differ; `origin` marks it. */
  correct(values: SettingValues, origin: Origin): void {
    const difference = settingsDifference(this.settings.values, values)
    this.settings.follow(values)
    if (difference === null) return
    this.send(queryFrame(difference), new ExpectedReply(Request.Query, 'swallow', origin))
    this.flush()
  }

  /** Begins a transaction that has failed, outside of one. */
  failTransaction(): void {
    this.send(queryFrame(BEGIN), new ExpectedReply(Request.Query, 'swallow'))
    this.failInTransaction()
  }

  /** Has the transaction fail that is open. */
  failInTransaction(): void {
    this.send(REFUSED_FRAME, new ExpectedReply(Request.Parse, 'substitute', null, NOTHING))
    this.send(SYNC, new ExpectedReply(Request.Sync, 'swallow'))
    this.flush()
  }

  /** DISCARD ALL: nothing is left of what whoever had it has made of it. */
  discardAll(): void {
    this.send(queryFrame(DISCARD_ALL), new ExpectedReply(Request.Query, 'swallow'))
    this.settings.replace(NO_SETTINGS)
    this.#forgetStatements()
  }

  /** A statement of the client's has completed. */
  completed(effects: readonly Effect[], tag: string): void {
    this.settings.apply(effects, tag)
    // where the client's DEALLOCATE was nobody's but the gateway's, the server has been told nothing of it
    if (FORGETS_ALL.has(tag) && effects.some(forgetsStatements)) this.#forgetStatements()
  }

  #forgetStatements(): void {
    this.prepared.clear()
    this.unnamed = null
  }

  /** Answers of our own whose turn it is leave now and not with the server's next ones. */
  answerSynthetic(): void {
    this.#relay.answerSynthetic()
  }

  /** Reads on, after a pause for a client that was slow. */
  resume(): void {
    if (this.#socket.isPaused() && !this.#isCuttingShort) this.#socket.resume()
  }

  /** The server has said that it ends the connection: its lessee has lost it now. */
  end(cause: Error): void {
    this.destroy(cause)
    this.#endLease(cause)
  }

  destroy(cause?: Error): void {
    this.#failure ??= cause ?? null
    this.#socket.destroy()
  }

  /** Says goodbye as a client should, so that the server logs no error. */
  terminate(farewell: ServerFrame): void {
    this.#socket.end(farewell)
  }

  /** Asks the server to cancel what it is running for this connection. */
  cancel(): void {
    const cancelled = cancelUpstream({ key: this.#cancelKey, socket: this.#socket })
    const request = Promise.all([this.cancelling, cancelled]).then(() => {
      if (this.cancelling === request) this.cancelling = null
    })
    this.cancelling = request
  }

  parameterChanged(name: string, value: string): void {
    this.parameters.set(name, value)
  }

  cycleEnded(status: TransactionStatus): void {
    this.#isCutShort = false
    this.status = status
    this.#cyclesUnanswered -= 1
    if (status !== 'I' || this.replies.length > 0) return
    // whoever had it next would get what is still owed
    if (this.#cyclesUnanswered !== 0) this.destroy(new Error('the server owes answers that nobody expects'))
    else this.lessee?.idle()
  }

  #receive(chunk: Buffer): void {
    try {
      this.#relay.feed(chunk)
    } catch (error) {
      this.#isConfused = true
      this.destroy(error instanceof Error ? error : new Error(String(error)))
      return
    }
    const lessee = this.lessee
    if (lessee === null) return
    if (this.#relay.withholds && !this.#isCutShort) this.#cutShort()
    lessee.pause()
    if (lessee.clientIsCongested) this.#socket.pause()
  }

  /** Nothing is read until the cancel request has arrived: it must not hit what the client asks for next. */
  #cutShort(): void {
    this.#isCutShort = true
    this.#isCuttingShort = true
    this.#socket.pause()
    this.cancel()
    void this.cancelling?.then(() => {
      this.#isCuttingShort = false
      this.resume()
    })
  }

  #lost(): void {
    this.#endLease(this.#failure ?? new Error('the server closed the connection'))
    this.#closed(this, this.#failure)
  }

  #endLease(cause: Error): void {
    const unanswered = this.replies.abandonAll()
    const lessee = this.lessee
    this.lessee = null
    const place = this.isMidMessage ? 'broken' : this.#isConfused ? 'confused' : 'clean'
    lessee?.lost(cause, { unanswered, place })
  }
}

/** Command tags of the server's. */
const FORGETS_ALL: ReadonlySet<string> = new Set(['DISCARD ALL', 'DEALLOCATE ALL'])

function forgetsStatements(effect: Effect): boolean {
  if (effect.kind === 'let-go') return effect.held === 'statement' && effect.name === null
  return effect.kind === 'discard-all'
}
