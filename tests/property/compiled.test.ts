import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GatewayError } from '../../src/core/errors.js'
import { typeNames } from '../support/world/observe.js'
import { openScoping, type Scoping, told } from '../support/world/scoping.js'
import { openWorld, type World } from '../support/world/world.js'
import { connectedParty, type OpenParty, type Party } from './comparison.js'
import { expectNonInterference, SEED, tallyOf } from './non-interference.js'

/** The gateway's own test asks many more. */
const COUNT = 1000
/** On a machine that does other things as well. */
const MINUTES = 60_000

describe(`what the compiler makes of a statement answers as a private database (seed ${SEED})`, () => {
  let world: World
  let scoping: Scoping
  let twin: OpenParty
  const open: OpenParty[] = []
  beforeAll(async () => {
    world = await openWorld()
    scoping = await openScoping(world.shared)
    twin = await connectedParty(world.twinUrl, await typeNames((sql) => world.twin.query(sql)))
    open.push(twin)
  })
  afterAll(async () => {
    for (const party of open) await party.close()
    await world.close()
  })

  /** The shared database, asked with what the compiler made of a text and `spoil` made of that. */
  async function shared(spoil: (scoped: string) => string): Promise<Party> {
    const types = await typeNames((sql) => world.shared.query(sql))
    const party = await connectedParty(world.role.url, types, (text, values) =>
      spoil(scoping.scope({ text, values })),
    )
    open.push(party)
    return refusing(party)
  }

  test(`${COUNT} generated statements`, { timeout: 5 * MINUTES }, async () => {
    await expectNonInterference(await shared((scoped) => scoped), twin, COUNT)
  })

  test('the comparison finds a guard that is missing', async () => {
    const spoilt = await shared((scoped) =>
      scoped.replace(/(?<= )\w+\.\w+ OPERATOR\(pg_catalog\.=\) (?:'7'|ANY \('\{7\}'\))/, 'true'),
    )
    const tally = await tallyOf(spoilt, twin, { seed: 1, count: 100 })
    expect(tally.wrong.length).toBeGreaterThan(30)
  })

  test('the comparison finds a pin that is evaluated after the filters', async () => {
    const spoilt = await shared((scoped) => scoped.replaceAll(`ANY ('{7}')`, `'7'`))
    const tally = await tallyOf(spoilt, twin, { seed: 1, count: 400 })
    expect(tally.wrong.length).toBeGreaterThan(0)
  })
})

/** Shows what the compiler refuses as the gateway would. */
function refusing(party: Party): Party {
  return {
    async ask(text, values) {
      try {
        return told(await party.ask(text, values))
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error
        const { sqlstate, message } = error
        return { results: [], error: { code: sqlstate, message }, notices: [], received: message }
      }
    },
  }
}
