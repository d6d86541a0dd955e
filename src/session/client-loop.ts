import type { Socket } from 'node:net'
import { GatewayError } from '../core/errors.js'
import { IncidentId } from '../core/ids.js'
import type { SessionMetrics } from '../metrics/metrics.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import type { Frame } from '../wire/frame.js'
import type { FrameDecoder } from '../wire/frame-decoder.js'
import { frontendFrames } from '../wire/frame-table.js'
import type { SessionServices } from './services.js'
import type { Sender } from './unfinished-messages.js'

/** A client that is logged in, as far as reading its messages goes. */
export interface Conversation {
  readonly services: Pick<SessionServices, 'maxMessageBytes' | 'unfinished' | 'reportBug'>
  readonly metrics: Pick<SessionMetrics, 'received'>
  readonly connection: ServerConnection | null
  readonly hasEnded: boolean
  /** No more is read from the client for now; `wake` follows. */
  readonly congested: boolean
  /** `wake` is called when a message that had to wait may be tried again. */
  onWake(wake: () => void): void
  flush(): void
  fail(error: GatewayError): void
  close(): void
}

/** What is done with messages. */
export interface MessageTable<S extends Conversation> {
  /** With one that is there as a whole, or with the beginning of one that streams. False: it has to wait, nothing has happened. */
  handle(session: S, frame: FrameDecoder): boolean
  /** With the next part of a CopyData. */
  part(session: S, frame: Frame, remaining: number): void
  /** One that had to wait is done with. */
  waited?(session: S): void
}

const READ_AHEAD_BYTES = 262_144
const READ_AHEAD_CHUNKS = 1_024

/** Reads a client's messages and has them handled one after the other, until it leaves. */
export class ClientLoop<S extends Conversation> implements Sender {
  readonly #socket: Socket
  readonly #decoder: FrameDecoder
  readonly #session: S
  readonly #messages: MessageTable<S>
  /** The decoder's current message couldn't be handled yet. */
  #holds = false
  /** Waiting until the session wakes us. */
  #blocked = false
  #running = false

  constructor(
    { socket, decoder }: { readonly socket: Socket; readonly decoder: FrameDecoder },
    session: S,
    messages: MessageTable<S>,
  ) {
    this.#socket = socket
    this.#decoder = decoder
    this.#session = session
    this.#messages = messages
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
      session.services.unfinished.note(this, session.hasEnded ? 0 : this.#decoder.assembledBytes)
    })
    // whatever is still outstanding, nobody is there to read it
    this.#socket.on('end', () => session.close())
    this.#socket.on('close', () => {
      session.services.unfinished.note(this, 0)
      session.close()
    })
    this.#socket.resume()
    this.#run()
  }

  giveUp(): void {
    this.#session.fail(new GatewayError('MESSAGES_TOO_LARGE', {}))
    this.#decoder.forget()
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
      if (event === 'body') this.#messages.part(session, decoder, decoder.remaining)
      else this.#handleFrame()
      if (this.#holds) return true
    }
    return false
  }

  #handleFrame(): void {
    const hadToWait = this.#holds
    this.#holds = !this.#messages.handle(this.#session, this.#decoder)
    if (hadToWait && !this.#holds) this.#messages.waited?.(this.#session)
  }

  #setBlocked(blocked: boolean): void {
    if (blocked === this.#blocked) return
    this.#blocked = blocked
    if (blocked) this.#pauseIfFull()
    else this.#socket.resume()
  }

  /** A little is read ahead of what has to wait: who doesn't read never learns that the client has gone. */
  #pauseIfFull(): void {
    const { bufferedBytes, waitingChunks } = this.#decoder
    if (bufferedBytes > READ_AHEAD_BYTES || waitingChunks > READ_AHEAD_CHUNKS) this.#socket.pause()
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
