import { expect, test } from 'vitest'
import { Cell } from '../../../src/core/current.js'

test('a listener hears every value after it came and none after it left', () => {
  const cell = new Cell(1)
  const heard: number[] = []
  const stop = cell.subscribe((value) => heard.push(value))
  cell.replace(2)
  stop()
  cell.replace(3)
  expect([cell.value, heard]).toEqual([3, [2]])
})

test('a listener may leave while it is told', () => {
  const cell = new Cell(1)
  const heard: string[] = []
  const stop = cell.subscribe(() => {
    heard.push('first')
    stop()
  })
  cell.subscribe(() => heard.push('second'))
  cell.replace(2)
  cell.replace(3)
  expect(heard).toEqual(['first', 'second', 'second'])
})
