import { beforeAll, describe, expect, test } from 'vitest'
import type { CopyIn } from '../../../../src/sql/compiled.js'
import { loadParser } from '../../../../src/sql/parser.js'
import { compileSql } from '../../../support/sql-world.js'
import { isProven } from './proof.js'

beforeAll(loadParser)

const WRITTEN = `COPY orders (id, note) FROM STDIN (FORMAT csv, DELIMITER ';', HEADER)`
const SCOPED = `COPY public.orders (id, note, tenant_id) FROM STDIN (FORMAT csv, DELIMITER ';', HEADER)`

/** What the compiler makes of a text's first statement. */
function plan(text: string): CopyIn {
  const copyIn = compileSql(text).statements[0]?.copyIn
  if (copyIn === undefined) throw new Error('no COPY from the client')
  return copyIn
}

test('rows of a temporary table stay as they are, and only those', () => {
  const rows: CopyIn = { ...plan(WRITTEN), tenant: 'none' }
  expect(isProven('COPY t FROM STDIN', 'COPY pg_temp.t FROM STDIN', { copies: [rows] })).toBe(true)
  expect(isProven(WRITTEN, SCOPED, { copies: [rows] })).toBe(false)
})

test('the plan says where the tenant stands in a row, and how rows are written', () => {
  expect(plan(WRITTEN)).toEqual({
    format: 'csv',
    delimiter: ';',
    quote: '"',
    escape: '"',
    nullText: '',
    defaultText: null,
    header: true,
    endMarker: false,
    relation: 'orders',
    column: 'tenant_id',
    type: 'pg_catalog.text',
    tenant: 'append',
    fields: 3,
    index: 2,
  })
  expect(plan('COPY orders FROM STDIN')).toMatchObject({
    format: 'text',
    tenant: 'check',
    fields: 5,
    index: 1,
  })
})

test.each([
  [WRITTEN, SCOPED],
  ['COPY orders FROM STDIN', 'COPY public.orders (id, tenant_id, note, total, created_at) FROM STDIN'],
  ['COPY orders (tenant_id) FROM STDIN', 'COPY public.orders (tenant_id) FROM STDIN'],
])('%s is proven with its plan, and with no other', (written, scoped) => {
  expect(isProven(written, scoped, { copies: [plan(written)] })).toBe(true)
  expect(isProven(written, scoped, { copies: [undefined] })).toBe(false)
})

describe('verify refuses a plan', () => {
  test.each<[string, Partial<CopyIn>]>([
    ['of another format', { format: 'text' }],
    ['of another delimiter', { delimiter: ',' }],
    ['of other quotes', { quote: "'" }],
    ['of another escape', { escape: '\\' }],
    ['of another mark for NULL', { nullText: 'x' }],
    ['of a mark for defaults', { defaultText: 'x' }],
    ['without the header', { header: false }],
    ['for another column', { column: 'note' }],
    ['for another place', { index: 1 }],
    ['for more fields', { fields: 4 }],
    ['that leaves the rows as they are', { tenant: 'none' }],
  ])('%s', (_title, wrong) => {
    expect(isProven(WRITTEN, SCOPED, { copies: [{ ...plan(WRITTEN), ...wrong }] })).toBe(false)
  })

  test('that appends what is not last', () => {
    const written = 'COPY orders (tenant_id, id) FROM STDIN'
    const scoped = 'COPY public.orders (tenant_id, id) FROM STDIN'
    expect(isProven(written, scoped, { copies: [{ ...plan(written), tenant: 'append' }] })).toBe(false)
  })
})

describe('verify refuses a COPY from the client', () => {
  test.each([
    ['of a relation without its schema', 'COPY orders (id, note, tenant_id) FROM STDIN'],
    ['of another relation', 'COPY public.users (id, note, tenant_id) FROM STDIN'],
    ['of a shared relation', 'COPY public.countries (id, note, tenant_id) FROM STDIN'],
    ['without a list', 'COPY public.orders FROM STDIN'],
    ['without the tenant', 'COPY public.orders (id, note) FROM STDIN'],
    ['with the tenant twice', 'COPY public.orders (id, tenant_id, tenant_id) FROM STDIN'],
    ['with the tenant elsewhere', 'COPY public.orders (id, tenant_id, note) FROM STDIN'],
    ['with another column beside', 'COPY public.orders (id, total, tenant_id) FROM STDIN'],
    ['of a file', `COPY public.orders (id, note, tenant_id) FROM '/tmp/x'`],
    ['of a program', `COPY public.orders (id, note, tenant_id) FROM PROGRAM 'x'`],
    ['with an option that nobody gave', 'COPY public.orders (id, note, tenant_id) FROM STDIN (FREEZE)'],
    ['in another encoding', `COPY public.orders (id, note, tenant_id) FROM STDIN (ENCODING 'LATIN1')`],
    ['to the client', 'COPY public.orders (id, note, tenant_id) TO STDOUT'],
  ])('%s', (_title, scoped) => {
    const written = 'COPY orders (id, note) FROM STDIN'
    expect(isProven(written, scoped, { copies: [plan(written)] })).toBe(false)
  })
})
