import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FULL, worldServers } from '../support/world/full.js'
import { openGateway, type WorldGateway } from '../support/world/gateway.js'
import type { Observation } from '../support/world/observe.js'
import { type Attack, sampledAttacks } from './attack.js'
import { Battlefield, direct, isRefusal, leaks } from './battlefield.js'

/** How many tenants the analyst has; the more there are, the later the server may come to compare them. */
const COUNTS = FULL ? [1, 2, 11] : [11]

describe.each(worldServers())('no attack shows an analyst another tenant, on PostgreSQL $label', (server) => {
  let field: Battlefield
  let gateway: WorldGateway
  beforeAll(async () => {
    field = await Battlefield.open(server)
    gateway = await openGateway(field.world)
  })
  afterAll(async () => {
    await gateway.stop()
    await field.close()
  })

  describe.each(COUNTS)('with %i tenants', (count) => {
    const url = () => gateway.analystUrls.get(count) ?? ''

    test.each(sampledAttacks().filter(({ accepted }) => accepted === undefined))(
      '$family: $title',
      async (attack) => {
        if (!field.suits(attack)) return
        const own = await field.private(attack)
        const deed = await field.run(attack, direct(url(), field.types.shared))
        const refused = isRefusal(deed.seen)
        expect(deed.seen.error?.code).not.toBe('XX000')
        if (attack.expect === 'refused') expect(refused, JSON.stringify(deed.seen)).toBe(true)
        const leak = leaks(deed, own, comparedAs(attack, deed.seen))
        expect(leak, JSON.stringify({ seen: deed.seen, own })).toBe(false)
      },
    )
  })
})

/** What is refused, or fails for the lack of the system columns that a fence hides, isn't what a database of one's own would say. */
function comparedAs(attack: Attack, seen: Observation): Attack {
  const isFenced = seen.error?.code === '42703'
  return isRefusal(seen) || isFenced ? { ...attack, compare: 'none' } : attack
}
