import { describe, expect, test } from 'vitest'
import { Names } from '../../../../src/session/operator/names.js'
import { preparedBySql } from '../../../../src/session/operator/run.js'

const [A, B, C] = ['a', 'b', 'c'].map(preparedBySql)

describe('what a name stands for', () => {
  test('is in force at once, and stays where the server made it', () => {
    const names = new Names()
    const change = names.change('s', A ?? null, 1)
    expect(names.get('s')).toBe(A)
    change.settled('completed')
    expect(names.get('s')).toBe(A)
  })

  test.each(['failed', 'abandoned'] as const)('is what it was before where the change %s', (outcome) => {
    const names = new Names()
    names.change('s', A ?? null, 1).settled('completed')
    names.change('s', B ?? null, 2).settled(outcome)
    expect(names.get('s')).toBe(A)
    names.change('s', null, 3).settled(outcome)
    expect(names.get('s')).toBe(A)
  })

  test('goes back step by step where several changes of one cycle fail, the latest first', () => {
    const names = new Names()
    names.change('s', A ?? null, 1).settled('completed')
    const closed = names.change('s', null, 2)
    const parsed = names.change('s', C ?? null, 2)
    parsed.settled('abandoned')
    expect(names.get('s')).toBeUndefined()
    closed.settled('abandoned')
    expect(names.get('s')).toBe(A)
  })

  test('is certain within its cycle, and in another once it is answered', () => {
    const names = new Names()
    const change = names.change('s', A ?? null, 1)
    expect([names.isSettled('s', 1), names.isSettled('s', 2), names.isSettled('t', 2)]).toEqual([
      true,
      false,
      true,
    ])
    change.settled('completed')
    expect(names.isSettled('s', 2)).toBe(true)
  })

  test('is forgotten one by one, or all at once', () => {
    const names = new Names()
    for (const name of ['s', 't', 'u']) names.change(name, A ?? null, 1).settled('completed')
    names.forget(['t'])
    expect(['s', 't', 'u'].map((name) => names.get(name) !== undefined)).toEqual([true, false, true])
    names.forget('all')
    expect(names.get('s')).toBeUndefined()
  })
})
