import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../../src/sql/parser.js'
import { EQUALS, isProven } from './proof.js'

beforeAll(loadParser)

describe('verify refuses a read', () => {
  test.each([
    ['without its tie', 'SELECT * FROM public.items'],
    [
      'tied to its own tenant column, which it has not',
      `SELECT * FROM (public.items JOIN (SELECT) AS _tg1 ON items.tenant_id ${EQUALS} 'acme')`,
    ],
    ['tied to a parent without a pin', via(`p.id ${EQUALS} items.order_id`)],
    ['tied by nothing', via(`p.tenant_id ${EQUALS} 'acme'`)],
    ['tied by another column', via(`p.id ${EQUALS} items.id AND p.tenant_id ${EQUALS} 'acme'`)],
    ['tied to another key', via(`p.note ${EQUALS} items.order_id AND p.tenant_id ${EQUALS} 'acme'`)],
    ['tied by OR', via(`p.id ${EQUALS} items.order_id OR p.tenant_id ${EQUALS} 'acme'`)],
    ['tied by a search-path operator', via(`p.id = items.order_id AND p.tenant_id ${EQUALS} 'acme'`)],
    [
      'tied to another parent',
      via(`p.id ${EQUALS} items.order_id AND p.tenant_id ${EQUALS} 'acme'`).replace(
        'public.orders',
        'archive.orders',
      ),
    ],
    [
      'tied to two parents',
      via(`p.id ${EQUALS} items.order_id AND p.tenant_id ${EQUALS} 'acme'`).replace(
        'AS p',
        'AS p, public.users',
      ),
    ],
    [
      'tied by NOT EXISTS',
      via(`p.id ${EQUALS} items.order_id AND p.tenant_id ${EQUALS} 'acme'`).replace('EXISTS', 'NOT EXISTS'),
    ],
    ['tied behind another condition', via(`p.tenant_id ${EQUALS} 'acme' AND p.id ${EQUALS} items.order_id`)],
  ])('of a child %s', (_title, scoped) => {
    expect(isProven('SELECT * FROM items', scoped)).toBe(false)
  })

  test('of a child is accepted when tied', () => {
    const scoped = via(`p.id ${EQUALS} items.order_id AND p.tenant_id ${EQUALS} 'acme'`)
    expect(isProven('SELECT * FROM items', scoped)).toBe(true)
  })
})

function via(where: string): string {
  return `SELECT * FROM (public.items JOIN (SELECT) AS _tg1 ON EXISTS (SELECT FROM public.orders AS p WHERE ${where}))`
}
