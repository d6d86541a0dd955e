import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Permit, Permits } from '../../../src/limits/permits.js'
import { ClaimedStock } from '../../../src/machines/claimed-stock.js'
import { SharedTable } from '../../support/shared-table.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const KEY = 'statements:acme'

function stage() {
  const table = new SharedTable()
  const open = (name: string) => {
    const clock = { now: () => Date.now(), monotonicMs: () => performance.now() }
    const stock = new ClaimedStock(table.machine(name), clock)
    const permits = new Permits(stock)
    const running: Permit[] = []
    const ask = (limit: number): Permit => {
      const permit: Permit = { key: 'acme', limit, granted: () => void running.push(permit) }
      permits.ask(permit)
      return permit
    }
    return { permits, running, ask, stock }
  }
  return { table, first: open('first'), second: open('second') }
}

test('two machines run no more statements at a time than the limit says', async () => {
  const { first, second, table } = stage()
  for (let i = 0; i < 3; i += 1) {
    first.ask(2)
    second.ask(2)
  }
  await vi.advanceTimersByTimeAsync(100)
  expect(first.running.length + second.running.length).toBe(2)
  expect(table.part(KEY, 'first') + table.part(KEY, 'second')).toBe(2)
})

test('what one machine doesn’t need any more another gets', async () => {
  const { first, second, table } = stage()
  const permit = first.ask(1)
  await vi.advanceTimersByTimeAsync(0)
  second.ask(1)
  await vi.advanceTimersByTimeAsync(500)
  expect(second.running).toHaveLength(0)
  first.permits.giveBack(permit)
  await vi.advanceTimersByTimeAsync(500)
  expect(second.running).toHaveLength(1)
  expect(table.part(KEY, 'first')).toBe(0)
})

test('the next statement of a machine that has one doesn’t have to ask', async () => {
  const { first } = stage()
  first.permits.giveBack(first.ask(1))
  await vi.advanceTimersByTimeAsync(0)
  expect(first.running).toHaveLength(0)
  const permit = first.ask(1)
  await vi.advanceTimersByTimeAsync(0)
  expect(first.running).toEqual([permit])
  first.permits.giveBack(permit)
  const next = first.ask(1)
  expect(first.running).toEqual([permit, next])
})

test('machines that never have enough come to equal shares', async () => {
  const { first, second, table } = stage()
  const statements = [first, second].map((machine) => {
    let ran = 0
    // each has ten clients, one statement after the other of 20 ms
    for (let client = 0; client < 10; client += 1) {
      const again = (): void => {
        const permit: Permit = {
          key: 'acme',
          limit: 4,
          granted: () => {
            ran += 1
            setTimeout(() => {
              machine.permits.giveBack(permit)
              again()
            }, 20)
          },
        }
        machine.permits.ask(permit)
      }
      again()
    }
    return () => ran
  })
  await vi.advanceTimersByTimeAsync(5_000)
  expect([table.part(KEY, 'first'), table.part(KEY, 'second')]).toEqual([2, 2])
  const [a = 0, b = 0] = statements.map((ran) => ran())
  expect(Math.min(a, b)).toBeGreaterThan(200)
})

test('a machine by itself keeps what it uses', async () => {
  const { first, table } = stage()
  const permits = [first.ask(2), first.ask(2)]
  await vi.advanceTimersByTimeAsync(5_000)
  const [permit] = permits
  if (permit === undefined) throw new Error('there is one')
  first.permits.giveBack(permit)
  first.ask(2)
  expect([first.running.length, table.part(KEY, 'first')]).toEqual([3, 2])
})
