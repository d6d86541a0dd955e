import { describe, expect, test } from 'vitest'
import type { Effect } from '../../../src/sql/compiled.js'
import { SessionSettings } from '../../../src/upstream/session-settings.js'

const set = (name: string, value: string | null, local = false): Effect => ({
  kind: 'set',
  name,
  value,
  local,
})
const BEGIN: Effect = { kind: 'begin' }
const COMMIT: Effect = { kind: 'commit' }
const ROLLBACK: Effect = { kind: 'rollback' }

/** `fail` and `I`, `T`, `E` stand for an error and a ReadyForQuery. */
type Step = Effect | 'fail' | 'I' | 'T' | 'E'

function having(...steps: readonly Step[]): SessionSettings {
  const settings = new SessionSettings(new Map([['timezone', 'UTC']]))
  for (const step of steps) {
    if (step === 'fail') settings.fail()
    else if (typeof step === 'string') settings.ready(step)
    else settings.apply([step], '')
  }
  return settings
}

describe('settings', () => {
  test.each<readonly [string, readonly Step[], string | undefined]>([
    ['are the defaults first', [], 'UTC'],
    ['are what was set', [set('timezone', 'X'), 'I'], 'X'],
    ['go back to the default', [set('timezone', 'X'), 'I', set('timezone', null), 'I'], 'UTC'],
    ['go back with RESET ALL', [set('timezone', 'X'), 'I', { kind: 'reset-all' }, 'I'], 'UTC'],
    ['that fail with their text are undone', [set('timezone', 'X'), 'fail', 'I'], 'UTC'],
    ['survive a later failure', [set('timezone', 'X'), 'I', 'fail', 'I'], 'X'],
    ['of a transaction are committed', [BEGIN, 'T', set('timezone', 'X'), 'T', COMMIT, 'I'], 'X'],
    ['of a transaction are rolled back', [BEGIN, 'T', set('timezone', 'X'), 'T', ROLLBACK, 'I'], 'UTC'],
    ['of a failed transaction wait for its end', [BEGIN, 'T', set('timezone', 'X'), 'T', 'fail', 'E'], 'X'],
    ['of a failed transaction are undone', [BEGIN, set('timezone', 'X'), 'fail', 'E', ROLLBACK, 'I'], 'UTC'],
    ['committed within a text survive its failure', [BEGIN, set('timezone', 'X'), COMMIT, 'fail', 'I'], 'X'],
    ['that are local end with a commit', [BEGIN, 'T', set('timezone', 'X', true), 'T', COMMIT, 'I'], 'UTC'],
    ['that are local hide the others', [BEGIN, set('timezone', 'X'), set('timezone', 'Y', true), 'T'], 'Y'],
    [
      'that are not local end local ones',
      [BEGIN, set('timezone', 'Y', true), set('timezone', 'X'), 'T'],
      'X',
    ],
    [
      'that are local can be the default',
      [set('timezone', 'X'), 'I', BEGIN, set('timezone', null, true)],
      'UTC',
    ],
    [
      'go back to a savepoint',
      [
        BEGIN,
        set('timezone', 'X'),
        { kind: 'savepoint', name: 's' },
        set('timezone', 'Y'),
        { kind: 'rollback-to', name: 's' },
      ],
      'X',
    ],
    [
      'go back to a savepoint twice',
      [
        BEGIN,
        { kind: 'savepoint', name: 's' },
        set('timezone', 'Y', true),
        { kind: 'rollback-to', name: 's' },
        set('timezone', 'Z'),
        { kind: 'rollback-to', name: 's' },
      ],
      'UTC',
    ],
    [
      'of a released savepoint stay',
      [
        BEGIN,
        { kind: 'savepoint', name: 's' },
        set('timezone', 'X'),
        { kind: 'release', name: 's' },
        COMMIT,
        'I',
      ],
      'X',
    ],
    [
      'go back to the later savepoint of a name',
      [
        BEGIN,
        { kind: 'savepoint', name: 's' },
        set('timezone', 'X'),
        { kind: 'savepoint', name: 's' },
        set('timezone', 'Y'),
        { kind: 'rollback-to', name: 's' },
      ],
      'X',
    ],
  ])('%s', (_, steps, expected) => {
    expect(having(...steps).get('timezone')).toBe(expected)
  })

  test('a COMMIT that is answered with ROLLBACK is one', () => {
    const settings = having(BEGIN, set('timezone', 'X'), 'fail', 'E')
    settings.apply([COMMIT], 'ROLLBACK')
    settings.ready('I')
    expect(settings.get('timezone')).toBe('UTC')
  })

  test('the search path is volatile as long as the end of the transaction may change it', () => {
    expect(having(set('search_path', 'a'), 'I').isVolatile(['search_path'])).toBe(false)
    expect(having(BEGIN, set('search_path', 'a'), 'T').isVolatile(['search_path'])).toBe(true)
    expect(having(BEGIN, set('search_path', 'a', true), 'T').isVolatile(['search_path'])).toBe(true)
    expect(having(BEGIN, set('timezone', 'a'), 'T').isVolatile(['search_path'])).toBe(false)
    expect(having(BEGIN, set('search_path', 'a'), 'T', COMMIT, 'I').isVolatile(['search_path'])).toBe(false)
  })

  test('a setting is volatile as well where a savepoint has another value', () => {
    const back = having(
      BEGIN,
      set('timezone', 'a'),
      { kind: 'savepoint', name: 's' },
      set('timezone', 'UTC'),
      'T',
    )
    expect(back.isVolatile(['timezone'])).toBe(true)
    expect(back.isVolatile(['datestyle'])).toBe(false)
  })

  test('a bound is kept instead of what was set', () => {
    const settings = new SessionSettings(new Map(), (name, value) => (name === 'x' ? '5' : value))
    settings.apply([set('x', '9'), set('y', '9')], 'SET')
    expect([settings.get('x'), settings.get('y')]).toEqual(['5', '9'])
  })
})
