import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HeldState } from '../../src/session/held-state.js'
import type { Effect, HeldKind } from '../../src/sql/compiled.js'

const KINDS: readonly HeldKind[] = ['channel', 'cursor', 'lock', 'statement', 'table']
const IMMEDIATE: readonly HeldKind[] = ['lock', 'statement']

type Held = ReadonlyMap<string, boolean>
type Step = Effect | 'error' | 'I' | 'T'

/** What PostgreSQL does, in copies: one for the transaction's beginning, one for each savepoint. */
class Model {
  now: Held = new Map()
  committed: Held = new Map()
  #savepoints: readonly { readonly name: string; readonly held: Held }[] = []
  #hasFailed = false

  step(step: Step): void {
    if (step === 'error') this.#hasFailed = true
    else if (step === 'I') this.#end(this.#hasFailed)
    else if (step !== 'T') this.#apply(step)
    if (step === 'I' || step === 'T') this.#hasFailed = false
  }

  names(kind: HeldKind): readonly string[] {
    return [...this.now.keys()].filter((key) => key.startsWith(kind)).map((key) => key.slice(kind.length + 1))
  }

  #apply(effect: Effect): void {
    if (effect.kind === 'hold')
      this.#change(effect.held, (held) => new Map(held).set(`${effect.held} ${effect.name}`, effect.local))
    if (effect.kind === 'let-go') {
      const isMeant = (key: string) =>
        effect.name === null ? key.startsWith(`${effect.held} `) : key === `${effect.held} ${effect.name}`
      this.#change(effect.held, (held) => new Map([...held].filter(([key]) => !isMeant(key))))
    }
    if (effect.kind === 'commit' || effect.kind === 'rollback') this.#end(effect.kind === 'rollback')
    if (effect.kind === 'savepoint')
      this.#savepoints = [...this.#savepoints, { name: effect.name, held: this.now }]
    if (effect.kind === 'release' || effect.kind === 'rollback-to') this.#leave(effect)
  }

  #leave({ kind, name }: Extract<Effect, { readonly kind: 'release' | 'rollback-to' }>): void {
    const index = this.#savepoints.findLastIndex((savepoint) => savepoint.name === name)
    const savepoint = this.#savepoints[index]
    if (savepoint === undefined) return
    this.#savepoints = this.#savepoints.slice(0, kind === 'release' ? index : index + 1)
    if (kind === 'rollback-to') this.now = savepoint.held
  }

  #change(kind: HeldKind, change: (held: Held) => Held): void {
    this.now = change(this.now)
    if (!IMMEDIATE.includes(kind)) return
    this.committed = change(this.committed)
    this.#savepoints = this.#savepoints.map(({ name, held }) => ({ name, held: change(held) }))
  }

  #end(isRolledBack: boolean): void {
    this.now = isRolledBack ? this.committed : new Map([...this.now].filter(([, isLocal]) => !isLocal))
    this.committed = this.now
    this.#savepoints = []
  }
}

const name = fc.constantFrom('a', 'b', 'c')
const held = fc.constantFrom(...KINDS)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('hold' as const), held, name, local: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('let-go' as const), held, name: fc.option(name) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('savepoint' as const, 'release' as const, 'rollback-to' as const),
      name,
    }),
  },
  fc.constantFrom<Step>({ kind: 'commit' }, { kind: 'rollback' }, 'error', 'I', 'T'),
)

/** Locks and prepared statements end with no transaction. */
function asItIs(given: Step): Step {
  if (typeof given !== 'object' || given.kind !== 'hold' || !IMMEDIATE.includes(given.held)) return given
  return { ...given, local: false }
}

test('what is held is what copies would hold', () => {
  fc.assert(
    fc.property(fc.array(step.map(asItIs), { maxLength: 40 }), (steps) => {
      const [state, model] = [new HeldState(), new Model()]
      for (const each of steps) {
        if (each === 'error') state.fail()
        else if (typeof each === 'string') state.ready(each)
        else state.apply([each], each.kind.toUpperCase())
        model.step(each)
        expectSame(state, model)
      }
    }),
    { numRuns: 2_000 },
  )
})

function expectSame(state: HeldState, model: Model): void {
  for (const kind of KINDS) expect([...state.names(kind)].sort()).toEqual([...model.names(kind)].sort())
  expect(state.tables).toEqual([...model.names('table')].sort())
  const kinds = new Set([...model.now.keys(), ...model.committed.keys()].map((key) => key.split(' ')[0]))
  expect(state.isEmpty).toBe(kinds.size === 0)
  for (const kind of KINDS) expect(state.holdsOnly(kind)).toBe(kinds.size === 1 && kinds.has(kind))
  const settled = [...model.now].filter(([key]) => model.committed.get(key) !== model.now.get(key))
  if (!state.isVolatile) expect([settled, model.now.size]).toEqual([[], model.committed.size])
}

test('many names and many savepoints cost what they are, and not their product', () => {
  // a copy of all names for each of them, or for each savepoint, would not be done within the time that a test has
  const state = new HeldState()
  for (let i = 0; i < 20_000; i += 1) {
    state.apply([{ kind: 'savepoint', name: `s${i}` }], '')
    state.apply([{ kind: 'hold', held: 'statement', name: `p${i}`, local: false }], '')
    state.apply([{ kind: 'hold', held: 'channel', name: `c${i}`, local: false }], '')
    state.apply([{ kind: 'hold', held: 'table', name: `t${i}`, local: false }], '')
  }
  state.ready('I')
  expect(state.names('statement')).toHaveLength(20_000)
})
