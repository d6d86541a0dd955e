import { expect, test } from 'vitest'
import { Desk } from '../../../src/cluster/desk.js'
import type { ToWorker } from '../../../src/cluster/messages.js'
import { ownRates } from '../../../src/limits/own-quotas.js'
import { Permits } from '../../../src/limits/permits.js'
import { SharedOccupancy } from '../../../src/limits/shared-occupancy.js'

function stage() {
  let nowMs = 0
  const counters = {
    connections: new SharedOccupancy(),
    permits: new Permits(),
    borrow: ownRates({ now: () => 0, monotonicMs: () => nowMs }),
  }
  const open = () => {
    const said: ToWorker[] = []
    return { said, desk: new Desk(counters, (message) => said.push(message)) }
  }
  const pass = (ms: number): void => {
    nowMs += ms
  }
  return { counters, first: open(), second: open(), pass }
}

const answers = () => new Promise(setImmediate)

test('connections are counted over all workers, and leave with the worker that has them', async () => {
  const { first, second } = stage()
  first.desk.told({ kind: 'enter', id: 1, key: 'acme', limit: 2 })
  second.desk.told({ kind: 'enter', id: 1, key: 'acme', limit: 2 })
  second.desk.told({ kind: 'enter', id: 2, key: 'acme', limit: 2 })
  await answers()
  expect(second.said).toEqual([
    { kind: 'entered', id: 1, admitted: true },
    { kind: 'entered', id: 2, admitted: false },
  ])
  first.desk.close()
  second.desk.told({ kind: 'enter', id: 3, key: 'acme', limit: 2 })
  await answers()
  expect(second.said.at(-1)).toEqual({ kind: 'entered', id: 3, admitted: true })
})

test('a connection whose worker ends while it is being counted isn’t counted', async () => {
  const { first, counters } = stage()
  first.desk.told({ kind: 'enter', id: 1, key: 'acme', limit: 0 })
  first.desk.close()
  await answers()
  expect(counters.connections.of('acme')).toBe(0)
})

test('a worker takes away no connection that another has', async () => {
  const { first, second, counters } = stage()
  first.desk.told({ kind: 'enter', id: 1, key: 'acme', limit: 0 })
  await answers()
  second.desk.told({ kind: 'leave', key: 'acme' })
  expect(counters.connections.of('acme')).toBe(1)
})

test('permits go from worker to worker, also from one that has ended', () => {
  const { first, second } = stage()
  first.desk.told({ kind: 'permit', id: 1, key: 'acme', limit: 1 })
  second.desk.told({ kind: 'permit', id: 1, key: 'acme', limit: 1 })
  second.desk.told({ kind: 'permit', id: 2, key: 'acme', limit: 1 })
  expect([first.said, second.said]).toEqual([[{ kind: 'granted', id: 1 }], []])
  first.desk.close()
  expect(second.said).toEqual([{ kind: 'granted', id: 1 }])
  second.desk.told({ kind: 'give-back', id: 1 })
  second.desk.told({ kind: 'give-back', id: 1 })
  expect(second.said.at(-1)).toEqual({ kind: 'granted', id: 2 })
})

test('tokens come from one bucket', async () => {
  const { first, second, pass } = stage()
  first.desk.told({ kind: 'borrow', id: 1, account: 'acme', perSecond: 3, wanted: 2 })
  second.desk.told({ kind: 'borrow', id: 1, account: 'acme', perSecond: 3, wanted: 2 })
  second.desk.told({ kind: 'borrow', id: 2, account: 'acme', perSecond: 3, wanted: 2 })
  await answers()
  pass(1_000)
  first.desk.told({ kind: 'borrow', id: 2, account: 'acme', perSecond: 3, wanted: 2 })
  await answers()
  const granted = (said: readonly ToWorker[]) =>
    said.map((message) => (message.kind === 'tokens' ? message.loan.granted : null))
  expect([granted(first.said), granted(second.said)]).toEqual([
    [2, 2],
    [1, 0],
  ])
})
