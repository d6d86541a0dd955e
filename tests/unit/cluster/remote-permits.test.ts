import { expect, test } from 'vitest'
import type { ToPrimary } from '../../../src/cluster/messages.js'
import { RemotePermits } from '../../../src/cluster/remote-permits.js'

test('the primary is asked and told, and a permit that was given back is nobody’s', () => {
  const said: ToPrimary[] = []
  const permits = new RemotePermits((message) => said.push(message))
  const granted: string[] = []
  const permit = (name: string) => ({ key: name, limit: 1, granted: () => void granted.push(name) })
  const [acme, globex] = [permit('acme'), permit('globex')]
  permits.ask(acme)
  permits.ask(globex)
  permits.told({ kind: 'granted', id: 2 })
  permits.giveBack(acme)
  permits.giveBack(acme)
  permits.told({ kind: 'granted', id: 1 })
  permits.giveBack(globex)
  expect(granted).toEqual(['globex'])
  expect(said).toEqual([
    { kind: 'permit', id: 1, key: 'acme', limit: 1 },
    { kind: 'permit', id: 2, key: 'globex', limit: 1 },
    { kind: 'give-back', id: 1 },
    { kind: 'give-back', id: 2 },
  ])
})
