import type { Socket } from 'node:net'
import { decodeFrame } from '../wire/codec.js'
import { FrameDecoder } from '../wire/frame-decoder.js'
import { backendFrames } from '../wire/frame-table.js'
import { messageTypes } from '../wire/message-names.js'
import { ErrorResponse } from '../wire/messages/error-response.js'

/** The part of `pg`'s connection that begins to read, in the clear or through TLS. */
export interface Reading {
  attachListeners(stream: Socket): void
}

const MAX_BYTES = 1_048_576
const ERROR = 'E'.charCodeAt(0)
const NOTICE = 'N'.charCodeAt(0)

/**
 * Looks at a server's bytes before `pg` does, as long as `pg` reads them.
 *
 * What can't be a server's message makes its parser throw where nobody catches it, or, in an error without its end, read on for
 * ever: one broken connection would be the end of all.
 */
export function guardReading(connection: Reading): void {
  const attach = connection.attachListeners.bind(connection)
  connection.attachListeners = (stream) => {
    attach(stream)
    const decoder = new FrameDecoder(backendFrames(MAX_BYTES, messageTypes('backend')))
    for (const read of stream.listeners('data')) {
      stream.off('data', read as () => void)
      stream.on('data', (chunk: Buffer) => {
        try {
          check(decoder, chunk)
          read.call(stream, chunk)
        } catch (error) {
          stream.destroy(error instanceof Error ? error : new Error(String(error)))
        }
      })
    }
  }
}

/** Throws   PROTOCOL_VIOLATION, UNEXPECTED_MESSAGE */
function check(decoder: FrameDecoder, chunk: Buffer): void {
  decoder.feed(chunk)
  while (decoder.next() === 'frame') {
    if (decoder.type === ERROR || decoder.type === NOTICE) decodeFrame(ErrorResponse, decoder)
  }
}
