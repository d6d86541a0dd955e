import { GatewayError } from '../core/errors.js'

/**
 * Reads a SCRAM message attribute by attribute, in order.
 *
 * Wire     a=value,b=value,…
 * Throws   PROTOCOL_VIOLATION
 * Source   RFC 5802 section 7
 */
export class ScramMessage {
  readonly text: string
  #position = 0

  /** Any byte but NUL may stand in a value; latin1 keeps each as it is, for the proof covers bytes. */
  constructor(message: Buffer) {
    this.text = message.toString('latin1')
    if (message.length === 0 || message.includes(0)) throw malformed('it is empty or holds a NUL')
  }

  /** Offset of what is read next. */
  get position(): number {
    return this.#position
  }

  /** The text up to the next comma, which is passed. */
  field(): string {
    if (this.#position > this.text.length) throw malformed('it ends too early')
    const comma = this.text.indexOf(',', this.#position)
    const end = comma < 0 ? this.text.length : comma
    const value = this.text.slice(this.#position, end)
    this.#position = end + 1
    return value
  }

  /** The value of the next attribute, which must be this one. */
  attribute(name: string): string {
    const field = this.field()
    if (!field.startsWith(`${name}=`)) throw malformed(`attribute "${name}" is missing`)
    return field.slice(name.length + 1)
  }
}

export function malformed(reason: string): GatewayError {
  return new GatewayError('PROTOCOL_VIOLATION', { message: 'SCRAM', reason })
}
