import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { worldServers } from '../support/world/full.js'
import { openGateway, type WorldGateway } from '../support/world/gateway.js'
import { attacks } from './attack.js'
import { type Attacker, Battlefield, direct, isRefusal, leaks } from './battlefield.js'

describe.each(worldServers())(
  'through the gateway no attack shows or changes what is not the tenant’s, on PostgreSQL $label',
  (server) => {
    let field: Battlefield
    let gateway: WorldGateway
    let attacker: Attacker
    beforeAll(async () => {
      field = await Battlefield.open(server)
      gateway = await openGateway(field.world)
      attacker = direct(gateway.url, field.types.shared)
    })
    afterAll(async () => {
      await gateway.stop()
      await field.close()
    })

    test.each(attacks())('$family: $title', async (attack) => {
      if (!field.suits(attack)) return
      const own = await field.private(attack)
      const deed = await field.run(attack, attacker)
      expect(deed.seen.error?.code).not.toBe('XX000')
      const refused = isRefusal(deed.seen)
      if (attack.expect === 'refused') expect(refused, JSON.stringify(deed.seen)).toBe(true)
      const leak = leaks(deed, own, refused ? { ...attack, compare: 'none' } : attack)
      expect(leak, JSON.stringify({ seen: deed.seen, own })).toBe(attack.accepted !== undefined)
    })
  },
)
