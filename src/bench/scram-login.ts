import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { decodeFrame } from '../wire/codec.js'
import { FrameDecoder } from '../wire/frame-decoder.js'
import { backendFrames, MAX_MESSAGE_BYTES } from '../wire/frame-table.js'
import { AuthenticationSASLContinue } from '../wire/messages/authentication-sasl-continue.js'
import { SASLInitialResponse } from '../wire/messages/sasl-initial-response.js'
import { SASLResponse } from '../wire/messages/sasl-response.js'
import { encodeStartupPacket } from '../wire/startup-packet.js'
import type { Credentials } from './peer.js'

const FRAMES = backendFrames(MAX_MESSAGE_BYTES)
const KEY_BYTES = 32
const READY = 'Z'.charCodeAt(0)
const AUTHENTICATION = 'R'.charCodeAt(0)
const ERROR = 'E'.charCodeAt(0)
const SASL = 10
const CONTINUE = 11

/**
 * Logs in by SCRAM again and again as one and the same, and works out the password's key once: thousands of clients
 * cost the server side what they cost it anyway, and this side next to nothing.
 *
 * Source   RFC 5802 section 3
 */
export class ScramLogin {
  readonly #credentials: Credentials
  readonly #keys = new Map<string, Buffer>()

  constructor(credentials: Credentials) {
    this.#credentials = credentials
  }

  /** A connection that has been told that the server is ready. */
  open(): Promise<Socket> {
    const { host, port, user, database } = this.#credentials
    const socket = connect({ host, port, noDelay: true })
    const parameters = new Map([
      ['user', user],
      ['database', database],
    ])
    socket.write(encodeStartupPacket({ kind: 'startup-message', minorVersion: 0, parameters }))
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(socket, (salt, iterations) => this.#clientKey(salt, iterations))
      socket.on('error', reject)
      socket.on('close', () => reject(new Error('the login was refused')))
      socket.on('data', (chunk: Buffer) => {
        if (exchange.read(chunk)) resolve(socket)
      })
    })
  }

  #clientKey(salt: string, iterations: number): Buffer {
    const key = `${iterations} ${salt}`
    const known = this.#keys.get(key)
    if (known !== undefined) return known
    const { password } = this.#credentials
    const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), iterations, KEY_BYTES, 'sha256')
    const made = hmac(salted, 'Client Key')
    this.#keys.set(key, made)
    return made
  }
}

class Exchange {
  readonly #socket: Socket
  readonly #keyOf: (salt: string, iterations: number) => Buffer
  readonly #decoder = new FrameDecoder(FRAMES)
  readonly #nonce = randomBytes(18).toString('base64')

  constructor(socket: Socket, keyOf: (salt: string, iterations: number) => Buffer) {
    this.#socket = socket
    this.#keyOf = keyOf
  }

  /** True once the server is ready. */
  read(chunk: Buffer): boolean {
    const decoder = this.#decoder
    decoder.feed(chunk)
    let isReady = false
    while (decoder.next() === 'frame') {
      if (decoder.type === ERROR) this.#socket.destroy()
      else if (decoder.type === AUTHENTICATION)
        this.#authenticate(decoder.bytes.readInt32BE(decoder.start + 5))
      isReady ||= decoder.type === READY
    }
    return isReady
  }

  #authenticate(code: number): void {
    if (code === SASL) {
      const response = Buffer.from(`n,,n=,r=${this.#nonce}`)
      this.#socket.write(SASLInitialResponse.encode({ mechanism: 'SCRAM-SHA-256', response }))
    } else if (code === CONTINUE) this.#prove(decodeFrame(AuthenticationSASLContinue, this.#decoder).data)
  }

  #prove(challenge: Buffer): void {
    const first = challenge.toString('latin1')
    const [, nonce = '', salt = '', iterations = ''] = /^r=([^,]*),s=([^,]*),i=(\d+)/.exec(first) ?? []
    const key = this.#keyOf(salt, Number(iterations))
    const last = `c=biws,r=${nonce}`
    const signature = hmac(createHash('sha256').update(key).digest(), `n=,r=${this.#nonce},${first},${last}`)
    const proof = Buffer.from(key.map((byte, index) => byte ^ (signature[index] ?? 0))).toString('base64')
    this.#socket.write(SASLResponse.encode({ data: Buffer.from(`${last},p=${proof}`) }))
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
