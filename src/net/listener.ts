import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { GatewayError } from '../core/errors.js'
import { invariant } from '../core/invariant.js'
import { refuseConnection } from './refuse-connection.js'

export interface ListenerOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Further clients are told 53300. */
  readonly maxConnections: number
  /**
   * Gets each connection, Nagle's delay off; must listen to `data` before it returns.
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
  /** Connections that were handed out and are open. */
  readonly connections: number
  /** Accepts no more; done when the last connection has closed. */
  close(): Promise<void>
  /** Cuts off what is still connected. */
  destroyConnections(): void
}

/** Clients that are being told that there are too many may wait for it, up to this many; others are just cut off. */
const MAX_REFUSING = 100

/** Throws   the system's error where host and port can't be had */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const open = new Set<Socket>()
  const refusing = new Set<Socket>()
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    socket.on('error', () => {})
    if (open.size < options.maxConnections) accept(socket)
    else if (refusing.size < MAX_REFUSING) refuse(socket)
    else socket.destroy()
  })

  function accept(socket: Socket): void {
    track(open, socket)
    options.onConnection(socket)
  }

  function refuse(socket: Socket): void {
    track(refusing, socket)
    const error = new GatewayError('TOO_MANY_CONNECTIONS', {})
    // a cancel request is what makes room: it is let in, whatever the number
    refuseConnection(socket, error, () => {
      refusing.delete(socket)
      accept(socket)
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
