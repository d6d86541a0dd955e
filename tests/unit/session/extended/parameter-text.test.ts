import { expect, test } from 'vitest'
import { parameterText } from '../../../../src/session/extended/parameter-text.js'

test.each([
  [null, 'acme', 'acme'],
  ['pg_catalog.text', 'acme', 'acme'],
  ['varchar', 'acme', 'acme'],
  ['pg_catalog.int2', Buffer.from([0xff, 0xfe]), '-2'],
  ['pg_catalog.int4', Buffer.from([0, 0, 1, 0]), '256'],
  ['pg_catalog.int8', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]), '4294967296'],
  [
    'pg_catalog.uuid',
    Buffer.from('0123456789abcdef0123456789abcdef', 'hex'),
    '01234567-89ab-cdef-0123-456789abcdef',
  ],
])('%s', (type, bytes, expected) => {
  expect(parameterText(Buffer.from(bytes), type)).toBe(expected)
})

test.each([
  ['pg_catalog.int4', Buffer.from([1])],
  ['pg_catalog.uuid', Buffer.from('acme')],
  ['pg_catalog.numeric', Buffer.from([0, 1, 0, 0, 0, 0, 0, 0, 0, 1])],
  ['public.mood', Buffer.from('acme')],
])('what cannot be read as %s is no tenant', (type, bytes) => {
  expect(parameterText(bytes, type)).toBeNull()
})
