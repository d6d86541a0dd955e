import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { GatewayError } from '../core/errors.js'
import { invariant } from '../core/invariant.js'
import { negotiateEncryption } from './encryption.js'
import { encodeRefusal, refuseConnection } from './refuse-connection.js'
import type { TlsEndpoint } from './tls-endpoint.js'

export interface ListenerOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Further clients are told 53300. */
  readonly maxConnections: number
  /** What encrypts connections whose client asks for it; null: nothing does. */
  readonly tls: TlsEndpoint | null
  /**
   * Gets each connection once it is known whether it is encrypted, its startup packet unread and Nagle's delay off;
   * must listen to `data` before it returns.
   *
   * Errors of the socket end in its `close` event, whether or not anybody listens to `error`.
   */
  readonly onConnection: (socket: Socket) => void
  /** Connections that could not be accepted, such as EMFILE; the listener goes on. */
  readonly onError: (error: Error) => void
}

export interface Listener {
  readonly host: string
  readonly port: number
  /** Connections that are open, those included that are about to be handed out. */
  readonly connections: number
  /** Accepts no more; done when the last connection has closed. */
  close(): Promise<void>
  /** Cuts off what is still connected. */
  destroyConnections(): void
}

/** Clients that are being told that there are too many may wait for it, up to this many; others are just cut off. */
const MAX_REFUSING = 100
/** From the connection to the end of the TLS handshake. */
const NEGOTIATION_LIMIT_MS = 10_000

/** Throws   the system's error where host and port can't be had */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const open = new Set<Socket>()
  const refusing = new Set<Socket>()
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    socket.on('error', () => {})
    if (open.size < options.maxConnections) negotiate(socket, open, options.onConnection)
    else if (refusing.size < MAX_REFUSING)
      negotiate(socket, refusing, (encrypted) => refuse(socket, encrypted))
    else socket.destroy()
  })

  function negotiate(socket: Socket, members: Set<Socket>, then: (encrypted: Socket) => void): void {
    track(members, socket)
    const limit = setTimeout(() => socket.destroy(), NEGOTIATION_LIMIT_MS)
    // who is turned away and doesn't go is cut off by the same limit
    socket.once('close', () => clearTimeout(limit))
    negotiateEncryption(socket, options.tls)
      .then((encrypted) => {
        clearTimeout(limit)
        if (encrypted !== socket) encrypted.on('error', () => {})
        then(encrypted)
        encrypted.resume()
      })
      .catch((error: unknown) => turnAway(socket, error))
  }

  function turnAway(socket: Socket, error: unknown): void {
    if (error instanceof GatewayError) socket.resume().end(encodeRefusal(error))
    else socket.destroy()
  }

  /** `socket` is what the system accepted, `encrypted` what to talk through. */
  function refuse(socket: Socket, encrypted: Socket): void {
    const error = new GatewayError('TOO_MANY_CONNECTIONS', {})
    // a cancel request is what makes room: it is let in, whatever the number
    refuseConnection(encrypted, error, () => {
      refusing.delete(socket)
      track(open, socket)
      options.onConnection(encrypted)
    })
  }

  server.listen(options.port, options.host)
  await once(server, 'listening')
  server.on('error', options.onError)
  const address = server.address()
  invariant(typeof address === 'object' && address !== null, 'a TCP server has an address')
  return {
    host: address.address,
    port: address.port,
    get connections() {
      return open.size
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
    destroyConnections: () => {
      for (const socket of [...open, ...refusing]) socket.destroy()
    },
  }
}

function track(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket)
  socket.once('close', () => sockets.delete(socket))
}
