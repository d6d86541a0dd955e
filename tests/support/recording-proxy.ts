import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { decodeFrame } from '../../src/wire/codec.js'
import { frameView } from '../../src/wire/frame.js'
import { FrameDecoder } from '../../src/wire/frame-decoder.js'
import { backendFrames, frameTable, MAX_MESSAGE_BYTES, STARTUP_FRAMES } from '../../src/wire/frame-table.js'
import { ErrorResponse } from '../../src/wire/messages/error-response.js'
import { Query } from '../../src/wire/messages/query.js'

/** What a statement came to, as far as it is worth a look. */
export interface Incident {
  readonly text: string
  readonly seen: string
}

export interface RecordingProxyOptions {
  /** Where the gateway listens. */
  readonly port: number
  /** What no byte that comes back may spell. */
  readonly canary: RegExp
  /** What is sent in place of a statement. */
  readonly rewrite: (text: string) => string
  /** Whether a statement's outcome is of interest. */
  readonly counts: (text: string) => boolean
}

const FROM_CLIENT = frameTable({
  phase: 'query processing',
  direction: 'frontend',
  assembled: { p: MAX_MESSAGE_BYTES, Q: MAX_MESSAGE_BYTES, X: 0 },
})
const FROM_GATEWAY = backendFrames(MAX_MESSAGE_BYTES, ['E', 'Z'])
/** A canary may be cut by two chunks. */
const OVERLAP = 64

/** PostgreSQL calls interval(x, 31) an internal error by itself, see AdjustIntervalForTypmod. */
const SERVERS_OWN = /^invalid INTERVAL typmod/

/**
 * Stands between a client that speaks the simple protocol and the gateway, looks at every byte that comes back, and counts
 * how each statement ended.
 */
export class RecordingProxy {
  readonly port: number
  /** Those that count, as they were sent. */
  readonly statements: string[] = []
  /** By SQLSTATE, with ` refused` where the gateway said it; `00000` where all went well. */
  readonly outcomes = new Map<string, number>()
  readonly canaries: Incident[] = []
  /** Errors that nobody should meet: of classes XX and 58, and those that end the connection. */
  readonly bugs: Incident[] = []
  readonly #server: Server
  readonly #options: RecordingProxyOptions
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server, options: RecordingProxyOptions) {
    this.#server = server
    this.#options = options
    this.port = (server.address() as AddressInfo).port
    server.on('connection', (client) => this.#relay(client))
  }

  static async start(options: RecordingProxyOptions): Promise<RecordingProxy> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new RecordingProxy(server, options)
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #relay(client: Socket): void {
    const gateway = connect(this.#options.port, '127.0.0.1')
    const requests = new FrameDecoder(STARTUP_FRAMES)
    const answers = new FrameDecoder(FROM_GATEWAY)
    const statement = { text: '', outcome: '00000' }
    let tail = ''
    client.on('data', (chunk: Buffer) => {
      requests.feed(chunk)
      while (requests.next() === 'frame') {
        requests.expect(FROM_CLIENT)
        gateway.write(this.#request(requests, statement))
      }
    })
    gateway.on('data', (chunk: Buffer) => {
      const bytes = tail + chunk.toString('latin1')
      const at = bytes.search(this.#options.canary)
      if (at >= 0)
        this.canaries.push({ text: statement.text, seen: bytes.slice(Math.max(0, at - 100), at + 100) })
      tail = bytes.slice(-OVERLAP)
      answers.feed(chunk)
      for (let event = answers.next(); event !== 'starved'; event = answers.next())
        if (event === 'frame') this.#answer(answers, statement)
      client.write(chunk)
    })
    for (const [socket, other] of [
      [client, gateway],
      [gateway, client],
    ] as const) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
    }
  }

  #request(frame: FrameDecoder, statement: { text: string; outcome: string }): Buffer {
    if (frame.type !== 'Q'.charCodeAt(0)) return Buffer.from(frameView(frame))
    const sent = decodeFrame(Query, frame).text.toString('utf8')
    statement.text = this.#options.rewrite(sent)
    statement.outcome = '00000'
    if (this.#options.counts(statement.text)) this.statements.push(statement.text)
    return Query.encode({ text: Buffer.from(statement.text) })
  }

  #answer(frame: FrameDecoder, statement: { readonly text: string; outcome: string }): void {
    if (frame.type === 'Z'.charCodeAt(0)) {
      if (this.#options.counts(statement.text))
        this.outcomes.set(statement.outcome, (this.outcomes.get(statement.outcome) ?? 0) + 1)
      return
    }
    if (frame.type !== 'E'.charCodeAt(0)) return
    const { fields } = decodeFrame(ErrorResponse, frame)
    const [code = '', message = ''] = [fields.get('C'), fields.get('M')]
    statement.outcome = /\(incident \w+\)/.test(message) ? `${code} refused` : code
    const isFatal = fields.get('V') !== 'ERROR'
    if ((/^(XX|58)/.test(code) && !SERVERS_OWN.test(message)) || isFatal)
      this.bugs.push({ text: statement.text, seen: `${code} ${message}` })
  }
}
