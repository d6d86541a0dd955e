import { describe, expect, test } from 'vitest'
import { type Claim, FairQueue } from '../../../src/limits/fair-queue.js'

const claim = (tenant: string, { weight = 1, maxLeases = 0 } = {}): Claim => ({ tenant, weight, maxLeases })

/** Whose leases begin, one after the other, while each lasts `ms` and there is one connection. */
function turns(queue: FairQueue<Claim>, ms: (tenant: string) => number, now = 0): string {
  let order = ''
  for (let next = queue.next(now); next !== undefined; next = queue.next(now)) {
    order += next.tenant
    now += ms(next.tenant)
    queue.end(next.tenant, now)
  }
  return order
}

describe('the fair queue', () => {
  test('starts at once where nobody waits, and not past somebody who could be served', () => {
    const queue = new FairQueue<Claim>(2)
    expect(queue.tryStart(claim('a'), 0)).toBe(true)
    queue.push(claim('b'), 0)
    expect(queue.tryStart(claim('c'), 0)).toBe(false)
  })

  test('lets others past a tenant that has all it may have', () => {
    const queue = new FairQueue<Claim>(1)
    queue.tryStart(claim('a'), 0)
    const waiting = claim('a')
    queue.push(waiting, 0)
    expect([queue.length, queue.demand, queue.isCapped(waiting)]).toEqual([1, 0, true])
    expect(queue.tryStart(claim('b'), 1)).toBe(true)
    expect(queue.next(1)).toBeUndefined()
    queue.end('a', 2)
    expect(queue.next(2)).toBe(waiting)
  })

  test('takes turns by time used and not by the number of statements', () => {
    const queue = new FairQueue<Claim>(1)
    for (let count = 0; count < 12; count++) queue.push(claim('s'), 0)
    for (let count = 0; count < 3; count++) queue.push(claim('l'), 0)
    expect(turns(queue, (tenant) => (tenant === 'l' ? 40 : 10))).toBe('slssslsssslssss')
  })

  test('gives a tenant of twice the weight twice the time', () => {
    const queue = new FairQueue<Claim>(1)
    for (let count = 0; count < 8; count++) queue.push(claim('h', { weight: 2 }), 0)
    for (let count = 0; count < 4; count++) queue.push(claim('n'), 0)
    expect(turns(queue, () => 10)).toBe('hnhnhhnhhnhh')
  })

  test('counts leases that still run', () => {
    const queue = new FairQueue<Claim>(5)
    for (let count = 0; count < 4; count++) queue.tryStart(claim('a'), 0)
    queue.push(claim('a'), 0)
    queue.push(claim('b'), 1)
    queue.push(claim('b'), 1)
    expect(queue.next(100)?.tenant).toBe('b')
    expect(queue.next(100)?.tenant).toBe('b')
  })

  test('lets nobody save up what was left unused', () => {
    const queue = new FairQueue<Claim>(1)
    for (let now = 0; now < 1_000; now += 10) {
      queue.tryStart(claim('busy'), now)
      queue.end('busy', now + 10)
    }
    for (let count = 0; count < 3; count++) queue.push(claim('new'), 1_000)
    for (let count = 0; count < 3; count++) queue.push(claim('busy'), 1_000)
    const order = turns(queue, () => 10, 1_000)
    expect(order).toBe('newbusynewbusynewbusy')
  })

  test('remembers who has used more while the others wait, and forgets it once they have caught up', () => {
    const queue = new FairQueue<Claim>(1)
    queue.push(claim('a'), 0)
    for (let count = 0; count < 12; count++) queue.push(claim('b'), 0)
    expect(queue.next(0)?.tenant).toBe('a')
    queue.end('a', 100)
    queue.push(claim('a'), 100)
    expect(turns(queue, () => 10, 100)).toBe('bbbbbbbbbbabb')
  })

  test('sees a limit that has changed while somebody waits, at the latest when it looks again', () => {
    const queue = new FairQueue<Claim>(5)
    const limits = { maxLeases: 1 }
    const changing = {
      tenant: 'a',
      weight: 1,
      leases: 0,
      get maxLeases() {
        return limits.maxLeases
      },
    }
    queue.tryStart(changing, 0)
    const waiting = {
      ...claim('a'),
      get maxLeases() {
        return limits.maxLeases
      },
    }
    queue.push(waiting, 0)
    limits.maxLeases = 2
    queue.review(1)
    expect(queue.demand).toBe(1)
    limits.maxLeases = 1
    expect(queue.next(1)).toBeUndefined()
    expect(queue.demand).toBe(0)
  })

  test('counts no more than could be served at once', () => {
    const queue = new FairQueue<Claim>(3)
    for (let count = 0; count < 9; count++) queue.push(claim('a'), 0)
    for (let count = 0; count < 2; count++) queue.push(claim('b', { maxLeases: 1 }), 0)
    expect([queue.length, queue.demand]).toEqual([11, 4])
    expect(queue.drain(0)).toHaveLength(11)
    expect([queue.length, queue.demand, queue.next(0)]).toEqual([0, 0, undefined])
  })
})
