import type { Socket } from 'node:net'
import { GatewayError } from '../core/errors.js'
import { encodeStartupPacket } from '../wire/startup-packet.js'
import { ALPN_POSTGRESQL, type TlsEndpoint } from './tls-endpoint.js'

const SSL_REQUEST = encodeStartupPacket({ kind: 'ssl-request' })
const GSSENC_REQUEST = encodeStartupPacket({ kind: 'gssenc-request' })
const REQUEST_BYTES = SSL_REQUEST.length
/** First byte of a TLS record that holds a ClientHello; no startup packet is as long as it would say. */
const TLS_HANDSHAKE = 0x16

/**
 * Settles whether a new connection is encrypted: by an SSLRequest, by TLS from its first byte, or not.
 *
 * Gives the connection to go on with, paused, its startup packet unread. `tls` null: it isn't on offer.
 *
 * Rejects with PROTOCOL_VIOLATION for bytes that came in the clear before the handshake, which somebody between client and
 * gateway may have put there, and with any other error where the client has left or there is nothing to tell it.
 *
 * Source   https://www.postgresql.org/docs/current/protocol-flow.html, SSL Session Encryption
 */
export async function negotiateEncryption(socket: Socket, tls: TlsEndpoint | null): Promise<Socket> {
  for (;;) {
    const bytes = await firstBytes(socket)
    if (bytes.readUInt8(0) === TLS_HANDSHAKE) return direct(socket, bytes, tls)
    const request = bytes.subarray(0, REQUEST_BYTES)
    const asksForTls = request.equals(SSL_REQUEST)
    if (asksForTls && tls !== null) return requested(socket, bytes, tls)
    if (!asksForTls && !request.equals(GSSENC_REQUEST)) {
      socket.unshift(bytes)
      return socket
    }
    socket.write('N')
    putBack(socket, bytes.subarray(REQUEST_BYTES))
  }
}

function putBack(socket: Socket, bytes: Buffer): void {
  if (bytes.length > 0) socket.unshift(bytes)
}

function requested(socket: Socket, bytes: Buffer, tls: TlsEndpoint): Promise<Socket> {
  if (bytes.length > REQUEST_BYTES || socket.readableLength > 0)
    throw new GatewayError('PROTOCOL_VIOLATION', {
      message: 'SSLRequest',
      reason: 'unencrypted data followed it',
    })
  socket.write('S')
  return tls.upgrade(socket)
}

/** Without ALPN the client might not know that it talks to a PostgreSQL. */
async function direct(socket: Socket, bytes: Buffer, tls: TlsEndpoint | null): Promise<Socket> {
  if (tls === null) throw new Error('TLS is not on offer')
  socket.unshift(bytes)
  const secure = await tls.upgrade(socket)
  if (secure.alpnProtocol !== ALPN_POSTGRESQL) throw new Error('direct TLS without ALPN')
  return secure
}

/** Enough to know what is asked for. Leaves the connection paused. */
function firstBytes(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0)
    const onClose = () => reject(new Error('the client left'))
    const onData = (chunk: Buffer) => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
      if (bytes.length < REQUEST_BYTES && bytes.readUInt8(0) !== TLS_HANDSHAKE) return
      socket.pause()
      socket.off('data', onData)
      socket.off('close', onClose)
      resolve(bytes)
    }
    socket.once('close', onClose)
    socket.on('data', onData)
    socket.resume()
  })
}
