import type { Random } from '../property/random.js'
import { say } from '../support/wire-client.js'

const TEXTS = [
  ...[
    'SELECT * FROM items',
    'SELECT * FROM items WHERE id = $1',
    "INSERT INTO items (id, note) VALUES (1, 'x') ON CONFLICT DO NOTHING",
  ],
  ...[
    'BEGIN',
    'COMMIT',
    'ROLLBACK',
    'SAVEPOINT s',
    'ROLLBACK TO s',
    'SELECT 1/0',
    '',
    'LISTEN news',
    "NOTIFY news, 'x'",
  ],
  ...[
    'COPY items TO STDOUT',
    'COPY items (id, note) FROM STDIN',
    'DECLARE c CURSOR FOR SELECT * FROM items',
    'FETCH 3 FROM c',
  ],
  ...[
    "SET timezone TO 'UTC'",
    'RESET ALL',
    'DISCARD ALL',
    'CREATE TEMP TABLE scratch (x text)',
    'SELECT * FROM scratch',
  ],
  ...[
    'PREPARE q AS SELECT * FROM items',
    'EXECUTE q',
    'DEALLOCATE ALL',
    'SELECT pg_sleep(0.01)',
    'EXPLAIN SELECT * FROM items',
  ],
] as const
const NAMES = ['', 'a', 'b'] as const

type Make = (random: Random) => Buffer

const MESSAGES: readonly Make[] = [
  (random) => say.query(random.pick(TEXTS)),
  (random) => say.query(`${random.pick(TEXTS)}; ${random.pick(TEXTS)}`),
  (random) => say.parse(random.pick(NAMES), random.pick(TEXTS), random.chance(20) ? [23] : []),
  (random) => say.bind(random.pick(NAMES), random.pick(NAMES), ...random.some(['1', null, 'x'])),
  (random) => say.bind(random.pick(NAMES), random.pick(NAMES)),
  (random) => say.describe(random.pick(['statement', 'portal']), random.pick(NAMES)),
  (random) => say.execute(random.pick(NAMES), random.below(3)),
  (random) => say.close(random.pick(['statement', 'portal']), random.pick(NAMES)),
  (random) => say.copyData(Buffer.from(`${random.below(100)}\tcopied\n`)),
  () => say.copyDone,
  () => say.flush,
  () => say.sync,
  () => say.sync,
]

/** Messages that a client may send, in an order of their own. */
export function messages(random: Random): readonly Buffer[] {
  return Array.from({ length: random.between(1, 25) }, () => random.pick(MESSAGES)(random))
}

type Mutation = (bytes: Buffer, random: Random) => Buffer

const MUTATIONS: readonly Mutation[] = [
  // a bit
  (bytes, random) => {
    const changed = Buffer.from(bytes)
    const at = random.below(changed.length)
    changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8))
    return changed
  },
  // a byte that stands for an extreme
  (bytes, random) => {
    const changed = Buffer.from(bytes)
    changed[random.below(changed.length)] = random.pick([0, 1, 0x7f, 0x80, 0xff])
    return changed
  },
  // a piece is lost
  (bytes, random) => {
    const at = random.below(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.between(1, 8))])
  },
  // or said twice
  (bytes, random) => {
    const at = random.below(bytes.length)
    return Buffer.concat([bytes.subarray(0, at + random.between(1, 8)), bytes.subarray(at)])
  },
  // or made of nothing
  (bytes, random) => {
    const at = random.below(bytes.length)
    const noise = Buffer.from(Array.from({ length: random.between(1, 8) }, () => random.below(256)))
    return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)])
  },
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
]

/** Bytes with up to three changes. */
export function garbled(bytes: Buffer, random: Random): Buffer {
  let changed = bytes
  for (let left = random.between(1, 3); left > 0 && changed.length > 0; left -= 1)
    changed = random.pick(MUTATIONS)(changed, random)
  return changed
}
