import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { malformed, ScramMessage } from './scram-message.js'
import type { ScramSecret } from './scram-secret.js'

/** The mechanism names to offer and to accept. */
export const SCRAM_SHA_256 = 'SCRAM-SHA-256'

const NONCE_BYTES = 18
const KEY_BYTES = 32
/** RFC 5802 `printable`: visible ASCII without the comma. */
const NONCE = /^[\x21-\x2b\x2d-\x7e]+$/
const PROOF = /^[A-Za-z0-9+/]{43}=$/

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
 * `serverNonce` is for tests.
 *
 * Throws   PROTOCOL_VIOLATION
 * Source   RFC 5802 sections 5 to 7, RFC 7677; src/backend/libpq/auth-scram.c
 */
export function challenge(
  clientFirst: Buffer,
  secret: ScramSecret,
  serverNonce: string = randomBytes(NONCE_BYTES).toString('base64'),
): ScramChallenge {
  const first = new ScramMessage(clientFirst)
  const gs2Header = readGs2Header(first)
  const bare = first.text.slice(first.position)
  first.attribute('n')
  const nonce = first.attribute('r') + serverNonce
  if (nonce.length === serverNonce.length || !NONCE.test(nonce)) throw malformed('its nonce is not printable')
  const serverFirst = `r=${nonce},s=${secret.salt.toString('base64')},i=${secret.iterations}`
  return {
    message: Buffer.from(serverFirst, 'latin1'),
    verify: (clientFinal) => {
      const { proof, withoutProof } = readClientFinal(clientFinal, { gs2Header, nonce })
      return judge(secret, proof, `${bare},${serverFirst},${withoutProof}`)
    },
  }
}

/**
 * Passes the GS2 header and gives it, closing comma included: the client repeats it under its proof.
 *
 * Channel binding belongs here: with SCRAM-SHA-256-PLUS on offer, `p=tls-server-end-point` is accepted, its data
 * are expected behind the header in `c=`, and `y` is refused as a downgrade.
 *
 * Wire     ("n" | "y" | "p=" name) "," ["a=" authzid] ","
 */
function readGs2Header(first: ScramMessage): string {
  const binding = first.field()
  if (binding.startsWith('p=')) throw malformed('channel binding was not offered')
  if (binding !== 'n' && binding !== 'y') throw malformed('its channel binding flag is unknown')
  if (first.field() !== '') throw malformed('an authorization identity is not supported')
  return first.text.slice(0, first.position)
}

interface Expected {
  readonly gs2Header: string
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
  if (final.attribute('c') !== Buffer.from(expected.gs2Header, 'latin1').toString('base64'))
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
