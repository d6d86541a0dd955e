import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { serverEndPoint } from '../auth/channel-binding.js'
import { GatewayError } from '../core/errors.js'

/** What is known of a client by the way it talks, before it says who it is. */
export interface Transport {
  readonly isEncrypted: boolean
  /** What SCRAM-SHA-256-PLUS binds to; null: it can't be offered. */
  readonly serverEndPoint: Buffer | null
  /** The common name of a client certificate that was verified; null without one. */
  readonly certificateCn: string | null
}

const PLAIN: Transport = { isEncrypted: false, serverEndPoint: null, certificateCn: null }

/** Throws   TLS_REQUIRED, CLIENT_CERTIFICATE */
export function transportOf(socket: Socket, requiresTls: boolean): Transport {
  if (socket instanceof TLSSocket)
    return {
      isEncrypted: true,
      serverEndPoint: endPointOf(socket),
      certificateCn: commonNameOf(socket),
    }
  if (requiresTls)
    throw new GatewayError('TLS_REQUIRED', {}, { hint: 'Connect with sslmode=require or stricter.' })
  return PLAIN
}

/** Of the certificate that this connection was shown; it may have been replaced since. */
function endPointOf(socket: TLSSocket): Buffer | null {
  const certificate = socket.getX509Certificate()
  return certificate === undefined ? null : serverEndPoint(certificate.raw)
}

/** A certificate is optional; one that can't be verified is not. */
function commonNameOf(socket: TLSSocket): string | null {
  if (socket.getPeerX509Certificate() === undefined) return null
  if (!socket.authorized)
    throw new GatewayError('CLIENT_CERTIFICATE', { reason: String(socket.authorizationError) })
  // several common names, which the type doesn't know of, are as good as none
  const name: unknown = socket.getPeerCertificate().subject?.CN
  return typeof name === 'string' && name !== '' ? name : null
}
