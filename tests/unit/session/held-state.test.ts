import { describe, expect, test } from 'vitest'
import { HeldState } from '../../../src/session/held-state.js'
import type { Effect, HeldKind } from '../../../src/sql/compiled.js'

const hold = (held: HeldKind, name: string, local = false): Effect => ({ kind: 'hold', held, name, local })
const letGo = (held: HeldKind, name: string | null): Effect => ({ kind: 'let-go', held, name })

/** What is held after steps: an effect that completes, `error`, or a ReadyForQuery's status. */
function stateAfter(...steps: readonly (Effect | 'error' | 'I' | 'T' | 'E')[]): HeldState {
  const state = new HeldState()
  for (const step of steps) {
    if (step === 'error') state.fail()
    else if (typeof step === 'string') state.ready(step)
    else state.apply([step], step.kind.toUpperCase())
  }
  return state
}

describe('what is held', () => {
  test.each<[string, HeldState, readonly string[]]>([
    ['is kept behind its transaction', stateAfter(hold('table', 'a'), 'I'), ['a']],
    ['is gone with a transaction that failed', stateAfter(hold('table', 'a'), 'error', 'I'), []],
    [
      'is gone with ROLLBACK',
      stateAfter({ kind: 'begin' }, 'T', hold('table', 'a'), 'T', { kind: 'rollback' }, 'I'),
      [],
    ],
    [
      'is gone with COMMIT where it was local',
      stateAfter({ kind: 'begin' }, 'T', hold('table', 'a', true), { kind: 'commit' }, 'I'),
      [],
    ],
    [
      'comes back when its end is rolled back',
      stateAfter(hold('table', 'a'), 'I', { kind: 'begin' }, letGo('table', 'a'), { kind: 'rollback' }, 'I'),
      ['a'],
    ],
    [
      'goes back to a savepoint',
      stateAfter(
        { kind: 'begin' },
        hold('table', 'a'),
        { kind: 'savepoint', name: 's' },
        hold('table', 'b'),
        { kind: 'rollback-to', name: 's' },
        { kind: 'commit' },
        'I',
      ),
      ['a'],
    ],
    [
      'stays where a savepoint is released',
      stateAfter(
        { kind: 'begin' },
        { kind: 'savepoint', name: 's' },
        hold('table', 'b'),
        { kind: 'release', name: 's' },
        { kind: 'commit' },
        'I',
      ),
      ['b'],
    ],
    ['ends one by one', stateAfter(hold('table', 'a'), hold('table', 'b'), letGo('table', 'a'), 'I'), ['b']],
    ['ends all of a kind', stateAfter(hold('table', 'a'), hold('table', 'b'), letGo('table', null), 'I'), []],
    ['ends with DISCARD ALL', stateAfter(hold('table', 'a'), 'I', { kind: 'discard-all' }, 'I'), []],
  ])('%s', (_title, state, tables) => {
    expect(state.tables).toEqual(tables)
    expect(state.isEmpty).toBe(tables.length === 0)
    expect(state.isVolatile).toBe(false)
  })

  test('no ROLLBACK takes a lock or a prepared statement back', () => {
    const state = stateAfter(
      { kind: 'begin' },
      { kind: 'savepoint', name: 's' },
      hold('lock', ''),
      hold('statement', 'p'),
      { kind: 'rollback-to', name: 's' },
      { kind: 'rollback' },
      'I',
    )
    expect(state.has('lock', '')).toBe(true)
    expect(state.names('statement')).toEqual(['p'])
    state.apply([letGo('lock', null), letGo('statement', 'p')], '')
    expect(state.isEmpty).toBe(true)
  })

  test('holds only one kind where there is something, and nothing else', () => {
    expect(stateAfter().holdsOnly('lock')).toBe(false)
    expect(stateAfter(hold('lock', ''), 'I').holdsOnly('lock')).toBe(true)
    expect(stateAfter(hold('lock', ''), hold('cursor', 'c'), 'I').holdsOnly('lock')).toBe(false)
    const beforeCommit = stateAfter(hold('lock', ''), hold('cursor', 'c'), 'I', letGo('cursor', 'c'))
    expect(beforeCommit.holdsOnly('lock')).toBe(false)
  })

  test('has another version when something else is held, and the same otherwise', () => {
    const state = stateAfter(hold('channel', 'a'), 'I')
    const { version } = state
    state.ready('I')
    expect(state.version).toBe(version)
    state.apply([hold('channel', 'b')], '')
    expect(state.version).not.toBe(version)
  })

  test('is volatile until the transaction that changed it ends', () => {
    expect(stateAfter({ kind: 'begin' }, hold('table', 'a'), 'T').isVolatile).toBe(true)
    expect(stateAfter({ kind: 'begin' }, 'T').isVolatile).toBe(false)
  })

  test('gives the same list of tables as long as they are the same', () => {
    const state = stateAfter(hold('table', 'b'), hold('table', 'a'), 'I')
    const { tables } = state
    state.apply([hold('cursor', 'c')], '')
    expect(state.tables).toBe(tables)
    expect(tables).toEqual(['a', 'b'])
  })
})
