import { expect, test } from 'vitest'
import { SharedOccupancy } from '../../../src/limits/shared-occupancy.js'
import { SharedTable } from '../../support/shared-table.js'

function stage() {
  const table = new SharedTable()
  const [first, second] = ['first', 'second'].map((name) => new SharedOccupancy(table.machine(name)))
  if (first === undefined || second === undefined) throw new Error('there are two')
  return { table, first, second }
}

test('two machines take no more in than the limit says', async () => {
  const { first, second } = stage()
  expect(await first.enter('acme', 2)).toBe(true)
  expect(await second.enter('acme', 2)).toBe(true)
  expect(await second.enter('acme', 2)).toBe(false)
  expect(await second.enter('globex', 2)).toBe(true)
  first.leave('acme')
  expect(await second.enter('acme', 2)).toBe(true)
  expect([first.of('acme'), second.of('acme')]).toEqual([0, 2])
})

test('those who come at once are counted each, and who is refused leaves no trace', async () => {
  const { table, first, second } = stage()
  expect(await second.enter('acme', 3)).toBe(true)
  const outcomes = await Promise.all(Array.from({ length: 5 }, () => first.enter('acme', 3)))
  expect(outcomes).toEqual([true, true, false, false, false])
  expect(table.part('connections:acme', 'first')).toBe(2)
})

test('what came before there was a limit counts', async () => {
  const { first, second } = stage()
  for (let i = 0; i < 3; i += 1) expect(await first.enter('acme', 0)).toBe(true)
  expect(await first.enter('acme', 4)).toBe(true)
  expect(await second.enter('acme', 4)).toBe(false)
})

test('a machine by itself counts for itself', async () => {
  const { table, first } = stage()
  table.isAway = true
  expect(await first.enter('acme', 1)).toBe(true)
  expect(await first.enter('acme', 1)).toBe(false)
})
