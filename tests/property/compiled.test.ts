import { afterAll, beforeAll, describe, test } from 'vitest'
import { GatewayError } from '../../src/core/errors.js'
import { type Observation, typeNames } from '../support/world/observe.js'
import { openScoping } from '../support/world/scoping.js'
import { openWorld, type World } from '../support/world/world.js'
import { connectedParty, type Party } from './comparison.js'
import { COUNT, expectNonInterference, SEED } from './non-interference.js'

describe(`what the compiler makes of a statement answers as a private database (seed ${SEED})`, () => {
  let world: World
  const open: { close(): Promise<void> }[] = []
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(async () => {
    for (const party of open) await party.close()
    await world.close()
  })

  test(`${COUNT} generated statements`, async () => {
    const scoping = await openScoping(world.shared)
    const twin = await connectedParty(world.twinUrl, await typeNames((sql) => world.twin.query(sql)))
    const shared = await connectedParty(
      world.role.url,
      await typeNames((sql) => world.shared.query(sql)),
      (text, values) => scoping.scope({ text, values }),
    )
    open.push(twin, shared)
    await expectNonInterference(refusing(shared), twin, COUNT)
  })
})

/** Shows what the compiler refuses as the gateway would. */
function refusing(party: Party): Party {
  return {
    async ask(text, values) {
      try {
        return await party.ask(text, values)
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error
        return refusal(error)
      }
    },
  }
}

function refusal({ sqlstate, message }: GatewayError): Observation {
  return { results: [], error: { code: sqlstate, message }, notices: [], received: message }
}
