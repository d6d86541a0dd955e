import { describe, expect, test } from 'vitest'
import { readSettings } from '../../../src/tenants/settings.js'

describe('readSettings', () => {
  test('fills in what is left out and leaves out what is undefined', () => {
    expect(readSettings({ limits: { connections: 5 } })).toEqual({
      ok: true,
      settings: { features: {}, branding: {}, limits: { connections: 5 } },
    })
  })

  test('leaves the application its own keys', () => {
    expect(readSettings({ plan: 'gold' }).ok).toBe(true)
  })

  test.each([
    [{ limits: { conections: 5 } }, 'limits: Unrecognized key: "conections"'],
    [{ limits: { connections: -1 } }, 'limits.connections: Too small: expected number to be >=0'],
    [
      { limits: { connections: 'many' } },
      'limits.connections: Invalid input: expected number, received string',
    ],
    [{ features: [] }, 'features: Invalid input: expected record, received array'],
    [null, 'settings: Invalid input: expected object, received null'],
  ])('says what is wrong with %j', (value, problem) => {
    expect(readSettings(value)).toEqual({ ok: false, problem })
  })
})
