import { expect, test } from 'vitest'
import { createMetrics } from '../../../src/metrics/metrics.js'
import { SummedMetrics } from '../../../src/metrics/summed-metrics.js'

function process() {
  const metrics = createMetrics()
  const session = metrics.session('acme', 'app')
  session.opened()
  session.completed()
  metrics.compileSeconds(0.001)
  return metrics
}

function value(body: string, series: string): number {
  return Number(
    body
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')[1],
  )
}

const STATEMENTS = 'tenantgate_statements_total{tenant="acme",login_kind="app",outcome="completed"}'
const SESSIONS = 'tenantgate_sessions{tenant="acme",login_kind="app"}'

test('several processes are shown as one', async () => {
  const living = await Promise.all([process(), process()].map((metrics) => metrics.collect()))
  const { body, contentType } = await new SummedMetrics().expose(living)
  expect(contentType).toContain('text/plain')
  expect([value(body, STATEMENTS), value(body, SESSIONS)]).toEqual([2, 2])
  expect(value(body, 'tenantgate_compile_seconds_count')).toBe(2)
})

test('what a process counted is kept when it has ended, and its gauges are not', async () => {
  const summed = new SummedMetrics()
  summed.retire(await process().collect())
  summed.retire(await process().collect())
  const { body } = await summed.expose([await process().collect()])
  expect([value(body, STATEMENTS), value(body, SESSIONS)]).toEqual([3, 1])
  expect(value(body, 'tenantgate_compile_seconds_count')).toBe(3)
})
