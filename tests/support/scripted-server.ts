import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { frameView } from '../../src/wire/frame.js'
import { FrameDecoder } from '../../src/wire/frame-decoder.js'
import { frontendFrames, MAX_MESSAGE_BYTES, STARTUP_FRAMES } from '../../src/wire/frame-table.js'
import { AuthenticationOk } from '../../src/wire/messages/authentication-ok.js'
import { BackendKeyData } from '../../src/wire/messages/backend-key-data.js'
import { ReadyForQuery } from '../../src/wire/messages/ready-for-query.js'
import { decodeStartupPacket } from '../../src/wire/startup-packet.js'
import { traceFrame } from '../../src/wire/trace.js'

/** One connection to the scripted server, after its greeting. */
export interface ScriptedConnection {
  readonly socket: Socket
  readonly processId: number
  /** What the other side has said so far. */
  readonly heard: string[]
}

/** A server that lets everybody in and then says only what a test makes it say. */
export class ScriptedServer {
  readonly connections: ScriptedConnection[] = []
  /** Connections that brought a cancel request; they stay open until the test ends them. */
  readonly cancels: { readonly socket: Socket; readonly processId: number }[] = []
  /** Called with each message; answers nothing unless a test replaces it. */
  onMessage: (connection: ScriptedConnection, line: string) => void = () => {}
  readonly #server = createServer((socket) => this.#greet(socket))

  /** On a port of its own, unless told which. */
  static async start(port = 0): Promise<ScriptedServer> {
    const server = new ScriptedServer()
    server.#server.listen(port, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get url(): string {
    return `postgres://someone@127.0.0.1:${(this.#server.address() as AddressInfo).port}/app`
  }

  /** Lets nobody else in. */
  close(): void {
    this.#server.close()
  }

  async stop(): Promise<void> {
    for (const { socket } of [...this.connections, ...this.cancels]) socket.destroy()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  #greet(socket: Socket): void {
    socket.on('error', () => {})
    const decoder = new FrameDecoder(STARTUP_FRAMES)
    let connection: ScriptedConnection | undefined
    socket.on('data', (chunk) => {
      decoder.feed(chunk)
      for (let event = decoder.next(); event === 'frame'; event = decoder.next()) {
        if (connection === undefined) connection = this.#start(socket, decoder)
        else this.#hear(connection, decoder)
      }
    })
  }

  #start(socket: Socket, decoder: FrameDecoder): ScriptedConnection | undefined {
    const packet = decodeStartupPacket(decoder)
    if (packet.kind === 'cancel-request') {
      this.cancels.push({ socket, processId: packet.processId })
      return undefined
    }
    decoder.expect(frontendFrames(MAX_MESSAGE_BYTES))
    const connection = { socket, processId: this.connections.length + 1, heard: [] }
    this.connections.push(connection)
    const secret = Buffer.from([0, 0, 0, 1])
    socket.write(
      Buffer.concat([
        AuthenticationOk.encode({}),
        BackendKeyData.encode({ processId: connection.processId, secret }),
        ReadyForQuery.encode({ status: 'I' }),
      ]),
    )
    return connection
  }

  #hear(connection: ScriptedConnection, decoder: FrameDecoder): void {
    const bytes = Buffer.from(frameView(decoder))
    const line = traceFrame('frontend', { bytes, start: 0, end: bytes.length })
    connection.heard.push(line)
    this.onMessage(connection, line)
  }
}
