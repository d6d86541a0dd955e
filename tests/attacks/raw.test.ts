import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attacks } from './attack.js'
import { Battlefield, works } from './battlefield.js'

describe('without the gateway every attack works', () => {
  let field: Battlefield
  beforeAll(async () => {
    field = await Battlefield.open()
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
