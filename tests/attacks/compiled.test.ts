import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GatewayError } from '../../src/core/errors.js'
import { worldServers } from '../support/world/full.js'
import { type Observation, Observer } from '../support/world/observe.js'
import { openScoping, ParameterMismatch, type Scoping, told } from '../support/world/scoping.js'
import { sampledAttacks } from './attack.js'
import { type Attacker, Battlefield, leaks } from './battlefield.js'

describe.each(worldServers())(
  'what the compiler lets through shows and changes nothing of other tenants, on PostgreSQL $label',
  (server) => {
    let field: Battlefield
    let attacker: Attacker
    beforeAll(async () => {
      field = await Battlefield.open(server)
      attacker = scoped(field, await openScoping(field.world.shared))
    })
    afterAll(() => field.close())

    test.each(sampledAttacks())('$family: $title', async (attack) => {
      if (!field.suits(attack) || attack.session) return
      const own = await field.private(attack)
      const deed = await field.run(attack, attacker)
      const refused = deed.seen.error?.code.startsWith('refused') ?? false
      expect(deed.seen.error?.code).not.toBe('refused XX000')
      if (attack.expect === 'refused') expect(refused).toBe(true)
      const leak = leaks(deed, own, refused ? { ...attack, compare: 'none' } : attack)
      expect(leak, JSON.stringify({ seen: deed.seen, own })).toBe(attack.accepted !== undefined)
    })
  },
)

/** Sends what the compiler makes of the text, as the gateway would. */
function scoped(field: Battlefield, scoping: Scoping): Attacker {
  return async (attack) => {
    try {
      const text = scoping.scope({ text: attack.text, values: attack.params })
      const observer = await Observer.connect(field.world.role.url, field.types.shared)
      return {
        seen: told(await observer.ask({ text, values: attack.params })),
        later: () => observer.ask({ text: 'SELECT 1' }),
        close: () => observer.close(),
      }
    } catch (error) {
      if (!(error instanceof GatewayError || error instanceof ParameterMismatch)) throw error
      return { seen: refusal(error), later: async () => refusal(error), close: async () => {} }
    }
  }
}

function refusal(error: GatewayError | ParameterMismatch): Observation {
  const received = error instanceof GatewayError ? [error.message, error.detail, error.hint].join('\n') : ''
  const { message } = error
  return { results: [], error: { code: `refused ${error.sqlstate}`, message }, notices: [], received }
}
