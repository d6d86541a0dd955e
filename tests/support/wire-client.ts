import type { Socket } from 'node:net'
import { connectUpstream, tenantsStartup } from '../../src/upstream/handshake.js'
import { BodyWriter } from '../../src/wire/body-writer.js'
import { frameView } from '../../src/wire/frame.js'
import { FrameDecoder } from '../../src/wire/frame-decoder.js'
import { backendFrames, MAX_MESSAGE_BYTES } from '../../src/wire/frame-table.js'
import { messageTypes } from '../../src/wire/message-names.js'
import { Bind } from '../../src/wire/messages/bind.js'
import { Close } from '../../src/wire/messages/close.js'
import { CopyData } from '../../src/wire/messages/copy-data.js'
import { CopyDone } from '../../src/wire/messages/copy-done.js'
import { Describe } from '../../src/wire/messages/describe.js'
import { Execute } from '../../src/wire/messages/execute.js'
import { Flush } from '../../src/wire/messages/flush.js'
import { Parse } from '../../src/wire/messages/parse.js'
import { Query } from '../../src/wire/messages/query.js'
import { Sync } from '../../src/wire/messages/sync.js'
import { encodeStartupPacket } from '../../src/wire/startup-packet.js'
import { traceFrame } from '../../src/wire/trace.js'

const ALL = backendFrames(MAX_MESSAGE_BYTES, messageTypes('backend'))
/** What a server says of its own inside, and a gateway keeps to itself. */
const INSIDE = / ?\b[WFLRqp]="(?:[^"\\]|\\.)*"/g

/** A client that is logged in and says whatever a test wants, message by message. */
export class WireClient {
  readonly socket: Socket
  readonly cancelKey: { readonly processId: number; readonly secret: Buffer }
  readonly parameters: ReadonlyMap<string, string>
  readonly #decoder = new FrameDecoder(ALL)
  readonly #lines: string[] = []
  #wake: () => void = () => {}

  private constructor(handshake: Awaited<ReturnType<typeof connectUpstream>>) {
    this.socket = handshake.socket
    this.cancelKey = handshake.cancelKey
    this.parameters = handshake.parameters
    this.socket.on('error', () => {})
    this.socket.on('data', (chunk: Buffer) => {
      this.#hear(chunk)
      this.#wake()
    })
    this.socket.on('close', () => {
      this.#lines.push('closed')
      this.#wake()
    })
    this.socket.resume()
  }

  #hear(chunk: Buffer): void {
    try {
      this.#decoder.feed(chunk)
      while (this.#decoder.next() === 'frame') this.#lines.push(lineOf(this.#decoder))
    } catch (error) {
      // as a driver does that understands nothing any more
      this.#lines.push(`garbled: ${String(error)}`)
      this.socket.destroy()
    }
  }

  static async connect(url: string, connectTimeoutMs = 10_000): Promise<WireClient> {
    return new WireClient(
      await connectUpstream({ url, settings: tenantsStartup(['public']), connectTimeoutMs }),
    )
  }

  send(...messages: readonly Buffer[]): this {
    this.socket.write(Buffer.concat(messages))
    return this
  }

  /** What has come, as far as the line that `isLast` takes, the `count`th of them. */
  async until(isLast: (line: string) => boolean, count = 1): Promise<readonly string[]> {
    for (;;) {
      let seen = 0
      const end = this.#lines.findIndex((line) => isLast(line) && ++seen === count)
      if (end >= 0) return this.#lines.splice(0, end + 1)
      if (this.#lines.at(-1) === 'closed') return this.#lines.splice(0)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  ready(count = 1): Promise<readonly string[]> {
    return this.until((line) => line.startsWith('< ReadyForQuery'), count)
  }

  close(): void {
    this.socket.destroy()
  }
}

function lineOf(decoder: FrameDecoder): string {
  return traceFrame('backend', {
    bytes: Buffer.from(frameView(decoder)),
    start: 0,
    end: decoder.end - decoder.start,
  })
    .replaceAll(INSIDE, '')
    .replaceAll(/ ?\b[WFLRqp]="(?:[^"\\]|\\.)*"/g, '')
}

/** Short hands for what tests say. */
export const say = {
  query: (text: string) => Query.encode({ text: Buffer.from(text) }),
  parse: (statement: string, text: string, parameterTypes: readonly number[] = []) =>
    Parse.encode({ statement, text: Buffer.from(text), parameterTypes }),
  bind: (portal: string, statement: string, ...values: readonly (string | null)[]) =>
    Bind.encode({
      portal,
      statement,
      parameterFormats: [],
      parameters: values.map((value) => (value === null ? null : Buffer.from(value))),
      resultFormats: [],
    }),
  describe: (target: 'statement' | 'portal', name: string) => Describe.encode({ target, name }),
  execute: (portal: string, maxRows = 0) => Execute.encode({ portal, maxRows }),
  close: (target: 'statement' | 'portal', name: string) => Close.encode({ target, name }),
  copyData: (data: Buffer) => CopyData.encode({ data }),
  copyDone: CopyDone.bytes,
  sync: Sync.bytes,
  flush: Flush.bytes,
  terminate: new BodyWriter('X').finish(),
  cancel: (key: { readonly processId: number; readonly secret: Buffer }) =>
    encodeStartupPacket({ kind: 'cancel-request', ...key }),
} as const
