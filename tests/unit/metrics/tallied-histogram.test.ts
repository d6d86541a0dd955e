import { Histogram, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { METRICS } from '../../../src/metrics/table.js'
import { TalliedHistogram } from '../../../src/metrics/tallied-histogram.js'

test('shows what a histogram of the library shows', async () => {
  const { name, help, buckets } = METRICS.leaseWaitSeconds
  const [own, theirs] = [new Registry(), new Registry()]
  const tallied = new TalliedHistogram(METRICS.leaseWaitSeconds, own)
  const histogram = new Histogram({ name, help, buckets: [...buckets], registers: [theirs] })
  for (const value of [0, 0.0001, 0.00011, 3, 3, 100]) {
    tallied.observe(value)
    histogram.observe(value)
  }
  expect(await own.metrics()).toBe(await theirs.metrics())
})
