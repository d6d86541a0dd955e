import { describe, expect, test } from 'vitest'
import { isTenantText } from '../../../src/sql/tenant-text.js'

const UUID = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'

describe('isTenantText', () => {
  test.each([
    ['pg_catalog.text', 'acme', 'acme', true],
    ['pg_catalog.text', 'Acme', 'acme', false],
    ['pg_catalog.text', 'acme ', 'acme', false],
    ['pg_catalog.text', '', 'acme', false],
    ['pg_catalog.text', '07', '7', false],
    ['pg_catalog.varchar', 'acme', 'acme', true],
    ['pg_catalog.int4', '7', '7', true],
    ['pg_catalog.int8', '007', '7', true],
    ['pg_catalog.int2', '0', '0', true],
    ['pg_catalog.int4', '7.0', '7', false],
    ['pg_catalog.int4', '0x7', '7', false],
    ['pg_catalog.int4', ' 7', '7', false],
    ['pg_catalog.int4', '+7', '7', false],
    ['pg_catalog.int4', '8', '7', false],
    ['pg_catalog.uuid', UUID, UUID, true],
    ['pg_catalog.uuid', UUID.toUpperCase(), UUID, true],
    ['pg_catalog.uuid', `{${UUID}}`, UUID, true],
    ['pg_catalog.uuid', UUID.replaceAll('-', ''), UUID, true],
    ['pg_catalog.uuid', UUID.replace('a0', 'a1'), UUID, false],
    ['public.tenant', 'acme', 'acme', true],
    ['public.tenant', 'ACME', 'acme', false],
  ])('in a column of %s takes %j for %j: %j', (type, value, tenant, expected) => {
    expect(isTenantText(value, tenant, type)).toBe(expected)
  })
})
