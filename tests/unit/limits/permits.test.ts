import { expect, test } from 'vitest'
import { type Permit, Permits } from '../../../src/limits/permits.js'

function stage() {
  const permits = new Permits()
  const granted: string[] = []
  const ask = (name: string, limit: number, key = 'acme'): Permit => {
    const permit = { key, limit, granted: () => void granted.push(name) }
    permits.ask(permit)
    return permit
  }
  return { permits, granted, ask }
}

test('who comes when all are out waits, first come first served', () => {
  const { permits, granted, ask } = stage()
  const first = ask('first', 1)
  const second = ask('second', 1)
  ask('third', 1)
  expect(granted).toEqual(['first'])
  permits.giveBack(first)
  expect(granted).toEqual(['first', 'second'])
  permits.giveBack(second)
  expect(granted).toEqual(['first', 'second', 'third'])
  expect(permits.heldOf('acme')).toBe(1)
})

test('keys have their own', () => {
  const { granted, ask } = stage()
  ask('one', 1)
  ask('other', 1, 'globex')
  expect(granted).toEqual(['one', 'other'])
})

test('who waits no more is passed over, and one that is given back twice makes room once', () => {
  const { permits, granted, ask } = stage()
  const first = ask('first', 1)
  const gone = ask('gone', 1)
  ask('third', 1)
  ask('fourth', 1)
  permits.giveBack(gone)
  permits.giveBack(first)
  permits.giveBack(first)
  expect(granted).toEqual(['first', 'third'])
})

test('a changed limit is in force with the next who asks', () => {
  const { permits, granted, ask } = stage()
  const first = ask('first', 1)
  ask('second', 1)
  ask('third', 3)
  expect(granted).toEqual(['first', 'second', 'third'])
  ask('fourth', 2)
  permits.giveBack(first)
  expect(granted).toHaveLength(3)
})
