import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { worldServers } from '../support/world/full.js'
import { attacks } from './attack.js'
import { Battlefield, works } from './battlefield.js'

describe.each(worldServers())('without the gateway every attack works, on PostgreSQL $label', (server) => {
  let field: Battlefield
  beforeAll(async () => {
    field = await Battlefield.open(server)
  })
  afterAll(() => field.close())

  test.each(attacks())('$family: $title', async (attack) => {
    if (!field.suits(attack)) return
    const own = await field.private(attack)
    const deed = await field.raw(attack)
    expect(deed.seen.error?.message ?? '').not.toMatch(/syntax error at or near/)
    expect(works(deed, own, attack), JSON.stringify({ raw: deed.seen, own })).toBe(true)
  })
})
