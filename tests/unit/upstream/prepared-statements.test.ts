import { describe, expect, test } from 'vitest'
import { Preparation, PreparedStatements } from '../../../src/upstream/prepared-statements.js'

describe('prepared statements of a connection', () => {
  test('count as done within the cycle of their Parse, and later once it has succeeded', () => {
    const prepared = new PreparedStatements(10)
    const preparation = new Preparation(3)
    prepared.add('a', preparation)
    expect([prepared.state('a', 3), prepared.state('a', 4)]).toEqual(['ready', 'unsure'])
    preparation.settled('completed')
    expect(prepared.state('a', 4)).toBe('ready')
  })

  test.each(['failed', 'abandoned'] as const)('are unsure after a Parse that was %s', (outcome) => {
    const prepared = new PreparedStatements(10)
    const preparation = new Preparation(3)
    prepared.add('a', preparation)
    preparation.settled(outcome)
    expect([prepared.state('a', 3), prepared.state('a', 4)]).toEqual(['unsure', 'unsure'])
  })

  test('give way to new ones, the least recently used first', () => {
    const prepared = new PreparedStatements(2)
    for (const name of ['a', 'b']) prepared.add(name, new Preparation(1))
    expect(prepared.evict()).toBeNull()
    prepared.state('a', 1)
    prepared.add('c', new Preparation(1))
    expect(prepared.evict()).toBe('b')
    expect(prepared.state('b', 1)).toBe('absent')
    expect(prepared.size).toBe(2)
  })

  test.each([
    ['completed', 'absent'],
    ['abandoned', 'unsure'],
  ] as const)('are unsure while their Close is under way, and %s when it was %s', (outcome, state) => {
    const prepared = new PreparedStatements(2)
    prepared.close('a')
    prepared.close('a')
    expect(prepared.state('a', 1)).toBe('unsure')
    prepared.closed('a', 'completed')
    expect(prepared.state('a', 1)).toBe('unsure')
    prepared.closed('a', outcome)
    expect(prepared.state('a', 1)).toBe(state)
  })
})
