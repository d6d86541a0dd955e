import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { say, WireClient } from '../support/wire-client.js'
import { openGateway, type WorldGateway } from '../support/world/gateway.js'
import { CANARY, openWorld, type World } from '../support/world/world.js'

/** Bind makes a value of the type that Parse declared, and with it runs the check of a domain. */
describe('a domain with code behind it, as the declared type of a parameter', () => {
  let world: World
  let gateway: WorldGateway
  beforeAll(async () => {
    world = await openWorld()
    gateway = await openGateway(world)
  })
  afterAll(async () => {
    await gateway.stop()
    await world.close()
  })

  test.each([
    ['that is shown', 'noisy', 'SELECT $1', 'x'],
    ['as an array', 'noisy[]', 'SELECT $1', '{x}'],
    ['that the text doesn’t mention', 'noisy', 'SELECT 1', 'x'],
    ['of no statement', 'noisy', '', 'x'],
    ['of a command', 'noisy', 'COMMIT', 'x'],
  ])('%s', async (_title, type, text, value) => {
    const { rows } = await world.shared.query('SELECT $1::text::regtype::oid::int AS oid', [type])
    const answer = async (url: string): Promise<string> => {
      const client = await WireClient.connect(url)
      const messages = [say.parse('', text, [Number(rows[0]?.oid)]), say.bind('', '', value), say.execute('')]
      const lines = await client.send(...messages, say.sync).ready()
      client.close()
      return lines.join()
    }
    expect(await answer(world.role.url)).toMatch(CANARY)
    const guarded = await answer(gateway.url)
    expect(guarded).not.toMatch(CANARY)
    expect(guarded).toContain('C="42501"')
  })
})
