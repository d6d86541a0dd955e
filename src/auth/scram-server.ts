import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { malformed, ScramMessage } from './scram-message.js'
import type { ScramSecret } from './scram-secret.js'

/** The mechanism names to offer and to accept. */
export const SCRAM_SHA_256 = 'SCRAM-SHA-256'
/** With channel binding: a proof that somebody in between has relayed to a TLS connection of his own doesn't hold. */
export const SCRAM_SHA_256_PLUS = 'SCRAM-SHA-256-PLUS'

/** The only binding type offered. */
const BINDING_TYPE = 'tls-server-end-point'

const NONCE_BYTES = 18
const KEY_BYTES = 32
/** RFC 5802 `printable`: visible ASCII without the comma. */
const NONCE = /^[\x21-\x2b\x2d-\x7e]+$/
const PROOF = /^[A-Za-z0-9+/]{43}=$/

/** Channel binding as it was offered to the client. */
export interface ChannelBinding {
  /** What the connection's TLS gives for `tls-server-end-point`. */
  readonly data: Buffer
  /** Whether the client took SCRAM-SHA-256-PLUS. */
  readonly chosen: boolean
}

export interface ChallengeOptions {
  /** Null where SCRAM-SHA-256-PLUS was not offered. */
  readonly binding?: ChannelBinding | null
  /** For tests. */
  readonly serverNonce?: string
}

/** The second half of an exchange: the challenge is out, the proof is awaited. */
export interface ScramChallenge {
  /** server-first-message. */
  readonly message: Buffer
  /**
   * The server-final-message for a client that proved its password, null for one that didn't.
   *
   * Throws   PROTOCOL_VIOLATION where the message breaks the exchange, whatever the password
   */
  verify(clientFinal: Buffer): Buffer | null
}

/**
 * Answers a client-first-message; the server's side of SCRAM-SHA-256 without I/O.
 *
 * The user name inside the message is ignored, as PostgreSQL does: the startup packet has named the login.
 *
 * Throws   PROTOCOL_VIOLATION
 * Source   RFC 5802 sections 5 to 7, RFC 7677, RFC 5929 section 4; src/backend/libpq/auth-scram.c
 */
export function challenge(
  clientFirst: Buffer,
  secret: ScramSecret,
  { binding = null, serverNonce = randomBytes(NONCE_BYTES).toString('base64') }: ChallengeOptions = {},
): ScramChallenge {
  const first = new ScramMessage(clientFirst)
  const gs2Header = readGs2Header(first, binding)
  const bound = binding?.chosen ? binding.data : Buffer.alloc(0)
  const channel = Buffer.concat([Buffer.from(gs2Header, 'latin1'), bound])
  const bare = first.text.slice(first.position)
  first.attribute('n')
  const nonce = first.attribute('r') + serverNonce
  if (nonce.length === serverNonce.length || !NONCE.test(nonce)) throw malformed('its nonce is not printable')
  const serverFirst = `r=${nonce},s=${secret.salt.toString('base64')},i=${secret.iterations}`
  return {
    message: Buffer.from(serverFirst, 'latin1'),
    verify: (clientFinal) => {
      const { proof, withoutProof } = readClientFinal(clientFinal, { channel, nonce })
      return judge(secret, proof, `${bare},${serverFirst},${withoutProof}`)
    },
  }
}

/**
 * Passes the GS2 header and gives it, closing comma included: the client repeats it under its proof.
 *
 * `y` says that the client could bind and was not offered to; where it was, somebody in between has taken the offer out.
 *
 * Wire     ("n" | "y" | "p=" name) "," ["a=" authzid] ","
 */
function readGs2Header(first: ScramMessage, binding: ChannelBinding | null): string {
  const flag = first.field()
  if (flag.startsWith('p=')) checkBindingType(flag.slice(2), binding)
  else if (flag !== 'n' && flag !== 'y') throw malformed('its channel binding flag is unknown')
  else if (binding?.chosen) throw malformed('it lacks the channel binding that its mechanism is for')
  else if (flag === 'y' && binding !== null)
    throw malformed('channel binding was offered and is said not to be')
  if (first.field() !== '') throw malformed('an authorization identity is not supported')
  return first.text.slice(0, first.position)
}

function checkBindingType(type: string, binding: ChannelBinding | null): void {
  if (binding === null) throw malformed('channel binding was not offered')
  if (!binding.chosen) throw malformed('its mechanism is without channel binding')
  if (type !== BINDING_TYPE) throw malformed('its channel binding type is not supported')
}

interface Expected {
  /** What `c=` holds: the GS2 header as the client first sent it, then the data of the channel. */
  readonly channel: Buffer
  readonly nonce: string
}

interface ClientFinal {
  readonly proof: Buffer
  /** What the proof covers of this message. */
  readonly withoutProof: string
}

/** Wire     c=…,r=…[,extensions],p=… */
function readClientFinal(clientFinal: Buffer, expected: Expected): ClientFinal {
  const final = new ScramMessage(clientFinal)
  if (final.attribute('c') !== expected.channel.toString('base64'))
    throw malformed('its channel binding differs from the first message')
  if (final.attribute('r') !== expected.nonce) throw malformed('its nonce is not the one of this exchange')
  const proofAt = final.text.lastIndexOf(',p=')
  const proof = final.text.slice(proofAt + 3)
  if (proofAt < final.position - 1 || !PROOF.test(proof)) throw malformed('its proof is malformed')
  return { proof: Buffer.from(proof, 'base64'), withoutProof: final.text.slice(0, proofAt) }
}

/** ClientProof = ClientKey XOR HMAC(StoredKey, AuthMessage), and StoredKey = H(ClientKey). */
function judge(secret: ScramSecret, proof: Buffer, authMessage: string): Buffer | null {
  const clientKey = xor(proof, hmac(secret.storedKey, authMessage))
  const storedKey = createHash('sha256').update(clientKey).digest()
  const signature = hmac(secret.serverKey, authMessage).toString('base64')
  return timingSafeEqual(storedKey, secret.storedKey) ? Buffer.from(`v=${signature}`, 'latin1') : null
}

function xor(left: Buffer, right: Buffer): Buffer {
  const result = Buffer.alloc(KEY_BYTES)
  for (let index = 0; index < KEY_BYTES; index++)
    result.writeUInt8((left.readUInt8(index) ^ right.readUInt8(index)) & 0xff, index)
  return result
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'latin1').digest()
}
