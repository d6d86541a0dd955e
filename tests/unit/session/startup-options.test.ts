import { expect, test } from 'vitest'
import { parseStartupOptions } from '../../../src/session/startup-options.js'

test.each([
  ['', []],
  ['  ', []],
  ['-c timezone=UTC', [['timezone', 'UTC']]],
  ['-ctimezone=UTC', [['timezone', 'UTC']]],
  ['--timezone=UTC', [['timezone', 'UTC']]],
  ['--statement-timeout=5', [['statement_timeout', '5']]],
  ['-c DateStyle=ISO,\\ DMY', [['datestyle', 'ISO, DMY']]],
  ['-c a=\\\\x\\=y', [['a', '\\x=y']]],
  [
    '-c a=1 -c b=2 -c a=3',
    [
      ['a', '3'],
      ['b', '2'],
    ],
  ],
  ['-c a=', [['a', '']]],
])('%j', (options, expected) => {
  expect([...parseStartupOptions(options)]).toEqual(expected)
})

test.each(['-f i', '-c', '-c a', 'a=1', '-d 5', '--', '-c =1'])('%j is refused', (options) => {
  expect(() => parseStartupOptions(options)).toThrow(expect.objectContaining({ code: 'STARTUP_PARAMETER' }))
})
