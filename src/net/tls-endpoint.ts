import { constants } from 'node:crypto'
import type { Socket } from 'node:net'
import { createSecureContext, createServer, type SecureContextOptions, type TLSSocket } from 'node:tls'

/** The name by which direct TLS is told from other protocols on a port. */
export const ALPN_POSTGRESQL = 'postgresql'

/** PEM texts. */
export interface TlsMaterial {
  /** The server's certificate, then those between it and the root. */
  readonly certificate: Buffer
  readonly key: Buffer
  /** Whose client certificates are trusted; null: none is asked for. */
  readonly clientCa: Buffer | null
}

const HANDSHAKE_LIMIT_MS = 10_000

interface Waiting {
  readonly resolve: (socket: TLSSocket) => void
}

/** Makes TLS connections of plain ones; what it shows can be replaced while they go on. */
export class TlsEndpoint {
  readonly #server: ReturnType<typeof createServer>
  /** By address and port of the client: the TLS server doesn't tell which connection it has upgraded. */
  readonly #waiting = new Map<string, Waiting>()

  /** Throws   the error of OpenSSL for what can't be read, or a key that isn't the certificate's */
  constructor(material: TlsMaterial) {
    this.#server = createServer({
      ...contextOptions(material),
      ALPNProtocols: [ALPN_POSTGRESQL],
      handshakeTimeout: HANDSHAKE_LIMIT_MS,
      requestCert: material.clientCa !== null,
      // most clients bring none and say a password instead: who looks at the certificate checks it
      rejectUnauthorized: false,
    })
    this.#server.on('secureConnection', (socket) => this.#waiting.get(peerOf(socket))?.resolve(socket))
    // its connection is destroyed; whoever waits hears of that
    this.#server.on('tlsClientError', () => {})
  }

  /** For connections from now on. Throws as the constructor does; then the old material stays. */
  replace(material: TlsMaterial): void {
    const options = contextOptions(material)
    // setSecureContext changes the server before it has looked at the material
    createSecureContext(options)
    this.#server.setSecureContext(options)
  }

  /** The handshake, as the server; nobody else may read from the connection. Rejects when it fails. */
  upgrade(socket: Socket): Promise<TLSSocket> {
    const peer = peerOf(socket)
    return new Promise<TLSSocket>((resolve, reject) => {
      socket.once('close', () => {
        this.#waiting.delete(peer)
        reject(new Error('the TLS handshake failed'))
      })
      this.#waiting.set(peer, { resolve })
      this.#server.emit('connection', socket)
    }).finally(() => this.#waiting.delete(peer))
  }
}

/** Sessions aren't resumed: a ticket would outlive the certificate that it was issued for. */
function contextOptions({ certificate, key, clientCa }: TlsMaterial): SecureContextOptions {
  return {
    cert: certificate,
    key,
    ...(clientCa === null ? {} : { ca: clientCa }),
    minVersion: 'TLSv1.2',
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    honorCipherOrder: true,
  }
}

function peerOf({ localAddress, remoteAddress, remotePort }: Socket): string {
  return `${localAddress} ${remoteAddress} ${remotePort}`
}
