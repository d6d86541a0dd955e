import { describe, expect, test } from 'vitest'
import { ScramSecret } from '../../src/auth/scram-secret.js'
import { challenge } from '../../src/auth/scram-server.js'
import { GatewayError } from '../../src/core/errors.js'
import { parseStartupOptions } from '../../src/session/startup-options.js'
import type { CopyIn } from '../../src/sql/compiled.js'
import { copyStream } from '../../src/sql/copy-stream/copy-stream.js'
import { tokenize } from '../../src/sql/lexer.js'
import { decodeFrame } from '../../src/wire/codec.js'
import { CODECS } from '../../src/wire/codecs.js'
import { frameOf } from '../../src/wire/frame.js'
import { FrameDecoder } from '../../src/wire/frame-decoder.js'
import { backendFrames, frontendFrames, STARTUP_FRAMES } from '../../src/wire/frame-table.js'
import { decodeStartupPacket, encodeStartupPacket } from '../../src/wire/startup-packet.js'
import { garbled, messages } from '../faults/mutated-messages.js'
import { Random } from '../property/random.js'
import { FULL } from '../support/world/full.js'

const COUNT = Number(process.env.TENANTGATE_FUZZ_COUNT ?? (FULL ? 200_000 : 3_000))
const SEED = Number(process.env.TENANTGATE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))

const HOURS = 3_600_000

/** Whether it gives a value; whatever it throws has to be the protocol's. */
function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch (error) {
    if (error instanceof GatewayError && error.severity === 'FATAL') return undefined
    throw error
  }
}

/** Runs with a seed each, which the failure names. */
function each(run: (random: Random) => void): void {
  for (let seed = SEED; seed < SEED + COUNT; seed += 1) {
    try {
      run(new Random(seed))
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
  }
}

function noise(random: Random, atMost: number): Buffer {
  return Buffer.from(Array.from({ length: random.below(atMost) }, () => random.below(256)))
}

/** Cut at places of its own. */
function pieces(bytes: Buffer, random: Random): readonly Buffer[] {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + random.between(1, 40)
    parts.push(bytes.subarray(at, end))
    at = end
  }
  return parts
}

describe(`bytes that nobody would send (seed ${SEED})`, { timeout: 6 * HOURS }, () => {
  test('every codec refuses, or gives a value that it writes as it was', () => {
    const codecs = [...CODECS.frontend, ...CODECS.backend]
    each((random) => {
      const codec = random.pick(codecs)
      const header = Buffer.from(`${codec.tag}\0\0\0\0`, 'latin1')
      const bytes = Buffer.concat([
        header,
        random.chance(50) ? noise(random, 40) : garbled(random.pick(messages(random)), random).subarray(5),
      ])
      bytes.writeInt32BE(bytes.length - 1, 1)
      const value = decoded(() => decodeFrame(codec, frameOf(bytes)))
      if (value !== undefined) expect(decodeFrame(codec, frameOf(codec.encode(value)))).toEqual(value)
    })
  })

  test('a stream of messages is cut alike, however it arrives', () => {
    each((random) => {
      const bytes = garbled(Buffer.concat(messages(random)), random)
      const table = random.chance(50) ? frontendFrames(5_000) : backendFrames(5_000)
      const cut = (chunks: readonly Buffer[]) => {
        const decoder = new FrameDecoder(table)
        let seen = ''
        const isRefused =
          decoded(() => {
            for (const chunk of chunks) {
              decoder.feed(chunk)
              for (let event = decoder.next(); event !== 'starved'; event = decoder.next())
                seen += decoder.bytes.toString('hex', decoder.start, decoder.end)
            }
            return true
          }) === undefined
        return { seen, isRefused }
      }
      expect(cut(pieces(bytes, random))).toEqual(cut([bytes]))
    })
  })

  test('startup packets and their options', () => {
    const parameters = new Map([
      ['user', 'a'],
      ['options', '-c timezone=UTC --x=a\\ b'],
    ])
    const packets = [
      encodeStartupPacket({ kind: 'startup-message', minorVersion: 2, parameters }),
      encodeStartupPacket({ kind: 'cancel-request', processId: 1, secret: Buffer.from('abcd') }),
    ]
    each((random) => {
      const decoder = new FrameDecoder(STARTUP_FRAMES)
      decoder.feed(random.chance(80) ? garbled(random.pick(packets), random) : noise(random, 60))
      const packet = decoded(() => (decoder.next() === 'frame' ? decodeStartupPacket(decoder) : undefined))
      if (packet?.kind !== 'startup-message') return
      for (const value of packet.parameters.values()) decoded(() => parseStartupOptions(value))
    })
  })

  test('the messages of a login by password', () => {
    const secret = ScramSecret.create('secret', { iterations: 2 })
    const first = Buffer.from('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')
    const final = Buffer.from(
      'c=biws,r=rOprNGfwEbeRWgbNEkqOserver,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    )
    each((random) => {
      const binding = random.chance(50) ? null : { data: Buffer.from('x'), chosen: random.chance(50) }
      const exchange = decoded(() =>
        challenge(random.chance(30) ? first : garbled(first, random), secret, {
          binding,
          serverNonce: 'server',
        }),
      )
      if (exchange !== undefined)
        expect(decoded(() => exchange.verify(garbled(final, random))) ?? null).toBeNull()
    })
  })

  test('rows of a COPY, which no other tenant’s row gets through', () => {
    const alphabet = [
      '\t',
      ',',
      '"',
      '\n',
      '\r',
      '\\',
      '.',
      '\\.',
      '\\N',
      'acme',
      'globex',
      '1',
      '\\x67',
      '\0',
      'ä',
    ]
    const binary = Buffer.from(
      '5047434f500aff0d0a000000000000000000000200000001310000000461636d65ffff',
      'hex',
    )
    each((random) => {
      const format = random.pick(['text', 'csv', 'binary'] as const)
      const copyIn: CopyIn = {
        ...{ format, delimiter: format === 'csv' ? ',' : '\t', quote: '"', escape: random.pick(['"', '\\']) },
        ...{
          nullText: format === 'csv' ? '' : '\\N',
          defaultText: null,
          header: random.chance(20),
          endMarker: random.chance(50),
        },
        ...{ relation: 'notes', column: 'tenant_id', type: 'pg_catalog.text' },
        ...(random.chance(50)
          ? ({ tenant: 'append', fields: 3, index: 2 } as const)
          : ({ tenant: 'check', fields: 2, index: 1 } as const)),
      }
      const text = Buffer.from(Array.from({ length: random.below(30) }, () => random.pick(alphabet)).join(''))
      const bytes = format === 'binary' ? garbled(binary, random) : text
      const through = (chunks: readonly Buffer[]) => {
        const stream = copyStream(copyIn, 'acme')
        const out = chunks.map((chunk) => (stream.failure === null ? stream.feed(chunk) : Buffer.alloc(0)))
        if (stream.failure === null) out.push(stream.end())
        return { out: Buffer.concat(out).toString('latin1'), failure: stream.failure }
      }
      expect(through(pieces(bytes, random))).toEqual(through([bytes]))
    })
  })

  test('the lexer’s tokens stand in their order, within the text', () => {
    const words = [
      "'",
      '"',
      '$$',
      '$a$',
      '/*',
      '*/',
      '--',
      '\n',
      '\\',
      "E'",
      "U&'",
      '1.',
      'e+',
      '::',
      ';',
      'select',
      '\xff',
    ]
    each((random) => {
      const text = Buffer.from(
        Array.from({ length: random.below(40) }, () => random.pick(words)).join(random.pick(['', ' '])),
        'latin1',
      )
      const { count, starts, ends } = tokenize(text)
      let last = 0
      for (let index = 0; index < count; index += 1) {
        const [start = -1, end = -1] = [starts[index], ends[index]]
        expect(start >= last && end > start && end <= text.length).toBe(true)
        last = end
      }
    })
  })
})
