import { expect, test } from 'vitest'
import { LinkedList } from '../../../src/core/linked-list.js'

test('a list gives its values in order, whichever are taken out', () => {
  const list = new LinkedList<string>()
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((value) => list.push(value))
  const ends = () => [list.first, list.last, list.length]
  expect(ends()).toEqual(['a', 'd', 4])
  if (b !== undefined) list.delete(b)
  if (a !== undefined) list.delete(a)
  expect(ends()).toEqual(['c', 'd', 2])
  if (d !== undefined) list.delete(d)
  if (d !== undefined) list.delete(d)
  expect(ends()).toEqual(['c', 'c', 1])
  if (c !== undefined) list.delete(c)
  expect(ends()).toEqual([undefined, undefined, 0])
  list.push('e')
  expect(ends()).toEqual(['e', 'e', 1])
})

test('a link of another list is left alone', () => {
  const [list, other] = [new LinkedList<number>(), new LinkedList<number>()]
  list.push(1)
  list.delete(other.push(2))
  expect([list.length, other.length]).toEqual([1, 1])
})
