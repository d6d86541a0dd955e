import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { LoginRefused } from '../../../src/audit/event.js'
import type { AuditRecord } from '../../../src/audit/record.js'
import type { AuditSink } from '../../../src/audit/sink.js'
import { QueuedTrail } from '../../../src/audit/trail.js'
import type { IncidentId } from '../../../src/core/ids.js'

const clock = { now: () => 0, monotonicMs: () => 0 }

function event(incident: string): LoginRefused {
  return {
    kind: 'login_refused',
    incident: incident as IncidentId,
    subject: { tenant: null, login: 'x', loginKind: null, clientAddress: '127.0.0.1', applicationName: null },
    sqlstate: '28P01',
    reason: 'AUTHENTICATION_FAILED',
    cause: 'wrong_password',
  }
}

function sink(name: string, write: (records: readonly AuditRecord[]) => Promise<void>) {
  const state = { closed: false, records: [] as string[] }
  const port: AuditSink = {
    name,
    write: async (records) => {
      await write(records)
      state.records.push(...records.map((record) => record.incident))
    },
    close: async () => {
      state.closed = true
    },
  }
  return { port, state }
}

function trail(sinks: readonly AuditSink[], capacity = 100) {
  const outcomes: string[] = []
  const made = new QueuedTrail({
    sinks,
    clock,
    capacity,
    retryMs: 5,
    observe: (name, outcome, records) => outcomes.push(`${name} ${outcome} ${records}`),
  })
  return { made, outcomes }
}

describe('the trail', () => {
  test('writes every event in order before it stops', async () => {
    const log = sink('log', async () => {})
    const { made, outcomes } = trail([log.port])
    for (const name of ['a', 'b', 'c']) made.record(event(name))
    expect(log.state.records).toEqual([])
    await made.stop(1_000)
    expect(log.state).toEqual({ closed: true, records: ['a', 'b', 'c'] })
    expect(outcomes).toEqual(['log written 3'])
  })

  test('drops what does not fit and counts it', async () => {
    const log = sink('log', async () => {})
    const { made, outcomes } = trail([log.port], 2)
    expect(['a', 'b', 'c', 'd'].map((name) => made.record(event(name)))).toEqual([true, true, false, false])
    await made.stop(1_000)
    expect(log.state.records).toEqual(['a', 'b'])
    expect(outcomes).toEqual(['log dropped 1', 'log dropped 1', 'log written 2'])
  })

  test('a sink that fails gets the same batch again, and the others go on', async () => {
    let failures = 2
    const table = sink('table', async () => {
      if (failures-- > 0) throw new Error('not now')
    })
    const log = sink('log', async () => {})
    const { made, outcomes } = trail([table.port, log.port])
    made.record(event('a'))
    while (table.state.records.length === 0) await sleep(1)
    await made.stop(1_000)
    expect(table.state.records).toEqual(['a'])
    expect(outcomes).toEqual(['table failed 1', 'log written 1', 'table failed 1', 'table written 1'])
  })

  test('a sink that hangs or throws at once neither blocks record nor the stop', async () => {
    const hanging = sink('file', () => new Promise(() => {}))
    const throwing: AuditSink = {
      name: 'table',
      write: () => {
        throw new Error('broken')
      },
      close: () => Promise.reject(new Error('broken too')),
    }
    const { made, outcomes } = trail([hanging.port, throwing])
    made.record(event('a'))
    await made.stop(20)
    made.record(event('b'))
    expect(outcomes).toContain('file dropped 1')
    expect(outcomes.filter((outcome) => outcome === 'table failed 1')).toHaveLength(10)
    expect(outcomes).toContain('table dropped 1')
  })
})
