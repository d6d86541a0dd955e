import type { Socket } from 'node:net'
import type { Random } from '../property/random.js'

/** What happens to the bytes of one direction; nothing where nothing is said. */
export interface Faults {
  /** Every piece waits for up to so long. */
  readonly delayMs?: number
  /** Pieces of at most so many bytes go on by themselves. */
  readonly splitBytes?: number
  /** What comes within this time goes on as one piece. */
  readonly mergeMs?: number
  /** After so many bytes the connection is reset. */
  readonly cutAfter?: number
  /** After so many bytes nothing goes on any more, and nothing is closed: the other side seems to be there. */
  readonly stallAfter?: number
  /** The bytes at these offsets arrive changed. */
  readonly flips?: readonly number[]
}

export interface Pumped {
  readonly from: Socket
  readonly to: Socket
  readonly faults: Faults
  readonly random: Random
  readonly cut: () => void
}

const HIGH_WATER = 262_144

/** Carries the bytes of one direction, with its faults. */
export function pump(pumped: Pumped): void {
  const { from, to } = pumped
  const way = new Way(pumped)
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let isRunning = false
  let hasEnded = false

  async function run(): Promise<void> {
    if (isRunning) return
    isRunning = true
    while (waiting.length > 0 && !to.destroyed) {
      if (pumped.faults.mergeMs !== undefined) await pause(pumped.faults.mergeMs)
      const chunk = Buffer.concat(waiting)
      waiting = []
      waitingBytes = 0
      from.resume()
      await way.carry(chunk)
    }
    isRunning = false
    if (hasEnded && !way.isStalled) to.end()
  }

  from.on('data', (chunk: Buffer) => {
    waiting.push(chunk)
    waitingBytes += chunk.length
    if (waitingBytes > HIGH_WATER) from.pause()
    void run()
  })
  from.once('end', () => {
    hasEnded = true
    void run()
  })
}

/** Where the bytes of one direction have come to. */
class Way {
  isStalled = false
  readonly #pumped: Pumped
  #offset = 0

  constructor(pumped: Pumped) {
    this.#pumped = pumped
  }

  async carry(chunk: Buffer): Promise<void> {
    const { faults, cut } = this.#pumped
    const bytes = this.#flipped(chunk)
    const end = Math.min(faults.cutAfter ?? Infinity, faults.stallAfter ?? Infinity) - this.#offset
    this.#offset += chunk.length
    await this.#send(end < bytes.length ? bytes.subarray(0, Math.max(0, end)) : bytes)
    if (end > bytes.length) return
    this.isStalled = true
    if (faults.cutAfter !== undefined) cut()
  }

  #flipped(chunk: Buffer): Buffer {
    const { faults, random } = this.#pumped
    const bytes = Buffer.from(chunk)
    for (const flip of faults.flips ?? []) {
      const at = flip - this.#offset
      const byte = bytes[at]
      if (byte !== undefined) bytes[at] = byte ^ (1 << random.below(8))
    }
    return bytes
  }

  async #send(bytes: Buffer): Promise<void> {
    const { to, faults, random } = this.#pumped
    for (let at = 0; at < bytes.length; ) {
      if (faults.delayMs !== undefined) await pause(random.below(faults.delayMs + 1))
      const length = faults.splitBytes === undefined ? bytes.length : random.between(1, faults.splitBytes)
      if (to.destroyed) return
      const hasRoom = to.write(bytes.subarray(at, at + length))
      at += length
      if (!hasRoom) await room(to)
      else if (faults.splitBytes !== undefined) await new Promise(setImmediate)
    }
  }
}

/** Also where there will be none any more. */
function room(to: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      to.off('drain', done)
      to.off('close', done)
      resolve()
    }
    to.on('drain', done)
    to.on('close', done)
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
