import type { Socket } from 'node:net'
import { GatewayError } from '../core/errors.js'
import { IncidentId } from '../core/ids.js'
import type { FrameDecoder } from '../wire/frame-decoder.js'
import { frontendFrames } from '../wire/frame-table.js'
import { copy, copyPart, duringCopy } from './copy.js'
import { bind } from './extended/bind.js'
import { close } from './extended/close.js'
import { describe } from './extended/describe.js'
import { execute } from './extended/execute.js'
import { flush } from './extended/flush.js'
import { parse } from './extended/parse.js'
import { sync } from './extended/sync.js'
import type { MessageHandler } from './message-handler.js'
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
const READ_AHEAD_BYTES = 262_144
const SYNC = 'S'.charCodeAt(0)
const TERMINATE = 'X'.charCodeAt(0)

/** Reads a client's messages and has them handled one after the other, until it leaves. */
export class ClientLoop {
  readonly #socket: Socket
  readonly #decoder: FrameDecoder
  readonly #session: Session
  /** The decoder's current message couldn't be handled yet. */
  #holds = false
  /** Waiting until the session wakes us. */
  #blocked = false
  #running = false

  constructor(socket: Socket, decoder: FrameDecoder, session: Session) {
    this.#socket = socket
    this.#decoder = decoder
    this.#session = session
    decoder.expect(frontendFrames(session.services.maxMessageBytes))
  }

  /** Begins with what has arrived behind the login. */
  start(): void {
    const session = this.#session
    session.onWake(() => {
      if (this.#blocked) this.#run()
    })
    this.#socket.on('data', (chunk: Buffer) => {
      if (session.hasEnded) return
      session.metrics.received(chunk.length)
      this.#decoder.feed(chunk)
      if (this.#blocked) this.#pauseIfFull()
      else this.#run()
    })
    // whatever is still outstanding, nobody is there to read it
    this.#socket.on('end', () => session.close())
    this.#socket.on('close', () => session.close())
    this.#socket.resume()
    this.#run()
  }

  #run(): void {
    if (this.#running || this.#session.hasEnded) return
    this.#running = true
    try {
      this.#setBlocked(this.#handleAll())
      if (!this.#session.hasEnded) {
        this.#session.connection?.flush()
        this.#session.flush()
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#running = false
    }
  }

  /** True where the rest has to wait. */
  #handleAll(): boolean {
    const session = this.#session
    const decoder = this.#decoder
    while (!session.hasEnded) {
      if (session.congested) return true
      const event = this.#holds ? 'frame' : decoder.next()
      if (event === 'starved') return false
      if (event === 'body') copyPart(session, decoder, decoder.remaining)
      else this.#handleFrame()
      if (this.#holds) return true
    }
    return false
  }

  #handleFrame(): void {
    const hadToWait = this.#holds
    this.#holds = !this.#handle()
    if (hadToWait && !this.#holds) this.#session.compiling.forget()
  }

  /** False where the message has to wait. */
  #handle(): boolean {
    const session = this.#session
    const { type, remaining } = this.#decoder
    if (session.endIfAsked()) return true
    if (type !== SYNC && type !== TERMINATE && this.#isSkipped()) return true
    const place = duringCopy(session, type)
    if (place !== 'handle') return place === 'ignore'
    if (type !== TERMINATE && session.lease.mustWaitForAnswers()) return false
    if (COPY[type] === 1) return copy(session, this.#decoder, remaining)
    const handler = BY_TYPE[type]
    if (handler === undefined) throw new Error(`no handler for message type ${type}`)
    return handler(session, this.#decoder)
  }

  #isSkipped(): boolean {
    return this.#session.skipping || (this.#session.connection?.replies.skips ?? false)
  }

  #setBlocked(blocked: boolean): void {
    if (blocked === this.#blocked) return
    this.#blocked = blocked
    if (blocked) this.#pauseIfFull()
    else this.#socket.resume()
  }

  /** A little is read ahead of what has to wait: who doesn't read never learns that the client has gone. */
  #pauseIfFull(): void {
    if (this.#decoder.bufferedBytes > READ_AHEAD_BYTES) this.#socket.pause()
  }

  #fail(error: unknown): void {
    if (error instanceof GatewayError) {
      this.#session.fail(error)
      return
    }
    const incident = IncidentId.create()
    this.#session.services.reportBug(error, incident)
    const internal = new GatewayError('INTERNAL', {}, { cause: error })
    internal.incident = incident
    this.#session.fail(internal)
  }
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
