import { afterAll, beforeAll, describe, test } from 'vitest'
import { worldServers } from '../support/world/full.js'
import { openGateway, type WorldGateway } from '../support/world/gateway.js'
import { typeNames } from '../support/world/observe.js'
import { openWorld, type World } from '../support/world/world.js'
import { connectedParty, type OpenParty } from './comparison.js'
import { COUNT, expectNonInterference, SEED } from './non-interference.js'

describe.each(worldServers())(
  `the gateway answers as a private database (seed ${SEED}), on PostgreSQL $label`,
  (server) => {
    let world: World
    let gateway: WorldGateway
    let parties: readonly OpenParty[] = []
    beforeAll(async () => {
      world = await openWorld(server)
      gateway = await openGateway(world)
    })
    afterAll(async () => {
      for (const party of parties) await party.close()
      await gateway.stop()
      await world.close()
    })

    test(`${COUNT} generated statements`, async () => {
      const [seen, own] = await Promise.all([
        connectedParty(gateway.url, await typeNames((sql) => world.shared.query(sql))),
        connectedParty(world.twinUrl, await typeNames((sql) => world.twin.query(sql))),
      ])
      parties = [seen, own]
      await expectNonInterference(seen, own, COUNT)
    })
  },
)
