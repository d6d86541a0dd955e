import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Claim, FairQueue } from '../../src/limits/fair-queue.js'
import { Random } from './random.js'

interface Tenant {
  readonly weight: number
  /** Each asks again as soon as it is served. */
  readonly sessions: number
  readonly longestMs: number
}

interface Ask extends Claim {
  readonly number: number
  readonly sinceMs: number
}

interface Outcome {
  readonly usedMs: readonly number[]
  readonly longestWaitMs: readonly number[]
  /** Numbers of the claims as they were served, by tenant. */
  readonly served: readonly (readonly number[])[]
}

/** Servers that are never idle while somebody may be served, from the queue's first claim to `untilMs`. */
function simulate(tenants: readonly Tenant[], servers: number, { seed = 1, untilMs = 0 }): Outcome {
  const random = new Random(seed)
  const queue = new FairQueue<Ask>(servers)
  const usedMs = tenants.map(() => 0)
  const longestWaitMs = tenants.map(() => 0)
  const served: number[][] = tenants.map(() => [])
  const running: { readonly tenant: number; readonly endMs: number }[] = []
  let number = 0
  const ask = (tenant: number, nowMs: number) => {
    number += 1
    const weight = tenants[tenant]?.weight ?? 1
    queue.push({ tenant: String(tenant), weight, maxLeases: 0, number, sinceMs: nowMs }, nowMs)
  }
  const serve = (nowMs: number) => {
    while (running.length < servers) {
      const claim = queue.next(nowMs)
      if (claim === undefined) return
      const tenant = Number(claim.tenant)
      const lastsMs = random.between(1, tenants[tenant]?.longestMs ?? 1)
      served[tenant]?.push(claim.number)
      longestWaitMs[tenant] = Math.max(longestWaitMs[tenant] ?? 0, nowMs - claim.sinceMs)
      usedMs[tenant] = (usedMs[tenant] ?? 0) + Math.min(lastsMs, untilMs - nowMs)
      running.push({ tenant, endMs: nowMs + lastsMs })
      running.sort((one, other) => one.endMs - other.endMs)
    }
  }
  tenants.forEach(({ sessions }, tenant) => {
    for (let session = 0; session < sessions; session++) ask(tenant, 0)
  })
  serve(0)
  for (let next = running.shift(); next !== undefined && next.endMs < untilMs; next = running.shift()) {
    queue.end(String(next.tenant), next.endMs)
    ask(next.tenant, next.endMs)
    serve(next.endMs)
  }
  return { usedMs, longestWaitMs, served }
}

const seed = fc.integer({ min: 1, max: 1_000_000 })
const servers = fc.integer({ min: 1, max: 8 })

test('who always waits gets backend time by weight, within what the leases of one tenant can be ahead', () => {
  const tenant = fc.record({
    weight: fc.constantFrom(0.5, 1, 2, 3),
    // more than there are servers: one of them always waits
    sessions: fc.integer({ min: 9, max: 40 }),
    longestMs: fc.integer({ min: 1, max: 200 }),
  })
  fc.assert(
    fc.property(fc.array(tenant, { minLength: 2, maxLength: 6 }), servers, seed, (tenants, count, start) => {
      const { usedMs } = simulate(tenants, count, { seed: start, untilMs: 30_000 })
      const shares = tenants.map(({ weight }, index) => (usedMs[index] ?? 0) / weight)
      const ahead = tenants.map(({ weight, longestMs }) => ((count + 1) * longestMs) / weight)
      const bound = [...ahead].sort((one, other) => other - one).slice(0, 2)
      const difference = Math.max(...shares) - Math.min(...shares)
      expect(difference).toBeLessThanOrEqual((bound[0] ?? 0) + (bound[1] ?? 0))
    }),
    { numRuns: 100 },
  )
})

test('a tenant with one session is served soon, however many sessions another has and however long they take', () => {
  const noisy = fc.record({
    weight: fc.constant(1),
    sessions: fc.integer({ min: 20, max: 200 }),
    longestMs: fc.integer({ min: 1, max: 500 }),
  })
  fc.assert(
    fc.property(fc.array(noisy, { minLength: 1, maxLength: 4 }), servers, seed, (others, count, start) => {
      const quiet = { weight: 1, sessions: 1, longestMs: 2 }
      const { longestWaitMs } = simulate([quiet, ...others], count, { seed: start, untilMs: 20_000 })
      // until something ends, and once more where another tenant is as far behind
      const longest = Math.max(...others.map(({ longestMs }) => longestMs))
      expect(longestWaitMs[0]).toBeLessThanOrEqual((others.length + 1) * longest)
    }),
    { numRuns: 60 },
  )
})

test('nobody is forgotten, and each tenant is served in the order in which it asked', () => {
  const tenant = fc.record({
    weight: fc.constantFrom(0.1, 1, 10),
    sessions: fc.integer({ min: 1, max: 30 }),
    longestMs: fc.integer({ min: 1, max: 100 }),
  })
  fc.assert(
    fc.property(fc.array(tenant, { minLength: 1, maxLength: 8 }), servers, seed, (tenants, count, start) => {
      const { served } = simulate(tenants, count, { seed: start, untilMs: 20_000 })
      for (const numbers of served) {
        expect(numbers.length).toBeGreaterThan(0)
        expect(numbers).toEqual([...numbers].sort((one, other) => one - other))
      }
    }),
    { numRuns: 60 },
  )
})
