import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { authenticate } from '../../../src/admin/tokens.js'

const token = {
  name: 'ops',
  role: 'viewer',
  sha256: createHash('sha256').update('right').digest('hex'),
} as const

test.each([
  ['Bearer right', 'ops'],
  ['bearer  right ', 'ops'],
  ['Bearer wrong', null],
  ['Bearer ', null],
  ['right', null],
  ['', null],
  [undefined, null],
])('%s', (header, name) => {
  expect(authenticate(header, [token])?.name ?? null).toBe(name)
})

test('a hash that is none never matches', () => {
  expect(authenticate('Bearer right', [{ ...token, sha256: '' }])).toBeNull()
})
