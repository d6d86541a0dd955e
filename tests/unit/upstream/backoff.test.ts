import { expect, test } from 'vitest'
import { Backoff } from '../../../src/upstream/backoff.js'

test('each failure doubles the wait up to a limit, and a success begins anew', () => {
  const backoff = new Backoff()
  const waits = Array.from({ length: 7 }, () => backoff.failed(1))
  expect(waits).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000])
  backoff.succeeded()
  expect([backoff.failed(0), backoff.failed(0.5)]).toEqual([50, 150])
})
