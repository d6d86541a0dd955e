import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, TLSSocket } from 'node:tls'
import { encodeStartupPacket } from '../wire/startup-packet.js'
import type { CancelKey } from './handshake.js'

/** Where a cancel request goes: the peer of the connection it is about, with the same protection. */
export interface CancelTarget {
  readonly key: CancelKey
  readonly socket: Socket
}

const CANCEL_LIMIT_MS = 10_000

/**
 * Asks the server to cancel what a connection is running; done when the server has hung up.
 *
 * Until then the request may still be on its way: whatever the connection runs next could be hit by it.
 * Resolves as well where the server can't be reached: there is nobody to tell.
 *
 * Source   https://www.postgresql.org/docs/current/protocol-flow.html, Canceling Requests in Progress
 */
export function cancelUpstream(target: CancelTarget): Promise<void> {
  const { remoteAddress, remotePort } = target.socket
  if (remoteAddress === undefined || remotePort === undefined) return Promise.resolve()
  return new Promise((resolve) => {
    const socket = connectTcp({ host: remoteAddress, port: remotePort })
    const limit = setTimeout(() => socket.destroy(), CANCEL_LIMIT_MS)
    socket.on('error', () => {})
    socket.once('close', () => {
      clearTimeout(limit)
      resolve()
    })
    const request = encodeStartupPacket({ kind: 'cancel-request', ...target.key })
    socket.once('connect', () => {
      if (target.socket instanceof TLSSocket) askForTls(socket, request)
      else socket.write(request)
    })
    // without a reader the server's end of the connection is never seen
    if (!(target.socket instanceof TLSSocket)) socket.resume()
  })
}

/** The key is a secret, and the connection it belongs to has proven whom it talks to already. */
function askForTls(socket: Socket, request: Buffer): void {
  socket.once('data', (answer: Buffer) => {
    if (answer.toString('latin1') !== 'S') {
      socket.destroy()
      return
    }
    const tls = connectTls({ socket, rejectUnauthorized: false })
    tls.on('error', () => socket.destroy())
    tls.once('secureConnect', () => tls.write(request))
    tls.resume()
  })
  socket.write(encodeStartupPacket({ kind: 'ssl-request' }))
}
