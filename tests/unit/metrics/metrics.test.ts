import { expect, test } from 'vitest'
import { createMetrics } from '../../../src/metrics/metrics.js'
import { METRICS } from '../../../src/metrics/table.js'

async function lines(metrics: ReturnType<typeof createMetrics>): Promise<readonly string[]> {
  return (await metrics.expose()).body.split('\n')
}

test('every metric of the table is registered under its name and type, and no other', async () => {
  const types = (await lines(createMetrics())).filter((line) => line.startsWith('# TYPE '))
  const expected = Object.values(METRICS).map(({ name, type }) => `# TYPE ${name} ${type}`)
  expect([...types].sort()).toEqual(expected.sort())
})

test('counts the statements of a session under its tenant', async () => {
  const metrics = createMetrics()
  const session = metrics.session('acme', 'app')
  session.opened()
  session.completed()
  session.completed()
  session.failed()
  session.refused('RELATION_DENIED')
  session.received(10)
  session.sent(20)
  session.leased()
  metrics.session('acme', 'app').closed()
  const text = await lines(metrics)
  for (const line of [
    'tenantgate_sessions{tenant="acme",login_kind="app"} 0',
    'tenantgate_statements_total{tenant="acme",login_kind="app",outcome="completed"} 2',
    'tenantgate_statements_total{tenant="acme",login_kind="app",outcome="failed"} 1',
    'tenantgate_statements_total{tenant="acme",login_kind="app",outcome="refused"} 1',
    'tenantgate_refusals_total{tenant="acme",login_kind="app",reason="RELATION_DENIED"} 1',
    'tenantgate_client_received_bytes_total{tenant="acme",login_kind="app"} 10',
    'tenantgate_client_sent_bytes_total{tenant="acme",login_kind="app"} 20',
    'tenantgate_leases{tenant="acme"} 1',
  ])
    expect(text).toContain(line)
})

test('asks the pool for its state at each scrape', async () => {
  const metrics = createMetrics()
  const pool = { open: 3, idle: 2, waiting: 1 }
  metrics.watchPool(() => pool)
  expect(await lines(metrics)).toContain('tenantgate_pool_idle_connections 2')
  pool.idle = 0
  expect(await lines(metrics)).toContain('tenantgate_pool_idle_connections 0')
})

test('counts what belongs to no tenant', async () => {
  const metrics = createMetrics()
  metrics.login('refused', 'wrong_password')
  metrics.compilation('hit')
  metrics.compileSeconds(0.0003)
  metrics.leaseWaitSeconds(0.02)
  metrics.upstreamConnect('failed')
  metrics.upstreamLost()
  metrics.auditRecords('log', 'dropped', 7)
  const text = await lines(metrics)
  for (const line of [
    'tenantgate_logins_total{outcome="refused",reason="wrong_password"} 1',
    'tenantgate_compilations_total{outcome="hit"} 1',
    'tenantgate_compile_seconds_bucket{le="0.0002"} 0',
    'tenantgate_compile_seconds_bucket{le="0.0005"} 1',
    'tenantgate_lease_wait_seconds_count 1',
    'tenantgate_upstream_connects_total{outcome="failed"} 1',
    'tenantgate_upstream_lost_total 1',
    'tenantgate_audit_records_total{outcome="dropped",reason="log"} 7',
  ])
    expect(text).toContain(line)
})

test('the process metrics carry the prefix as well', async () => {
  const metrics = createMetrics({ process: true })
  const names = (await lines(metrics))
    .filter((line) => line.startsWith('# TYPE '))
    .map((line) => line.split(' ')[2])
  expect(names).toContain('tenantgate_process_cpu_seconds_total')
  expect(names.filter((name) => !name?.startsWith('tenantgate_'))).toEqual([])
})
