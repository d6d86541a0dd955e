import { beforeAll, describe, expect, test } from 'vitest'
import { loadParser } from '../../../../src/sql/parser.js'
import { EQUALS, isProven } from './proof.js'
import { INSERT, insert, tied, VIA } from './tied.js'

beforeAll(loadParser)

describe('rows of a child', () => {
  const update = 'UPDATE items SET sku = 1 WHERE id = 2'
  test.each([
    ['changed', update, `UPDATE public.items SET sku = 1 WHERE ${VIA} AND (id = 2)`],
    ['removed', 'DELETE FROM items', `DELETE FROM public.items WHERE ${VIA}`],
    [
      'moved',
      'UPDATE items SET order_id = 5',
      `UPDATE public.items SET order_id = ${tied('5')} WHERE ${VIA}`,
    ],
    [
      'left where they are',
      'UPDATE items SET order_id = items.order_id',
      `UPDATE public.items SET order_id = items.order_id WHERE ${VIA}`,
    ],
    [
      'moved in row form',
      'UPDATE items SET (sku, order_id) = (1, 5)',
      `UPDATE public.items SET (sku, order_id) = (1, ${tied('5')}) WHERE ${VIA}`,
    ],
    [
      'upserted',
      `${INSERT} ON CONFLICT (id) DO UPDATE SET order_id = excluded.order_id`,
      `${insert(tied('5'))} ON CONFLICT (id) DO UPDATE SET order_id = excluded.order_id WHERE ${VIA}`,
    ],
    [
      'merged',
      'MERGE INTO items USING countries c ON true WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1, 5)',
      `MERGE INTO public.items USING public.countries c ON ${VIA} AND (true) WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, order_id) VALUES (1, ${tied('5')})`,
    ],
  ])('may be %s', (_title, original, scoped) => {
    expect(isProven(original, scoped)).toBe(true)
  })

  test.each([
    ['changed without a condition', update, 'UPDATE public.items SET sku = 1 WHERE id = 2'],
    ['changed under OR', update, `UPDATE public.items SET sku = 1 WHERE ${VIA} OR (id = 2)`],
    ['changed by the second conjunct', update, `UPDATE public.items SET sku = 1 WHERE (id = 2) AND ${VIA}`],
    ['changed the other way round', update, `UPDATE public.items SET sku = 1 WHERE NOT ${VIA} AND (id = 2)`],
    [
      'changed by a parent that always is',
      update,
      `UPDATE public.items SET sku = 1 WHERE ${VIA.replace(/\)$/, ' GROUP BY ())')} AND (id = 2)`,
    ],
    [
      'changed by the parent of another',
      'UPDATE items i SET sku = 1',
      `UPDATE public.items i SET sku = 1 WHERE ${VIA}`,
    ],
    [
      'changed by somebody’s parent',
      update,
      `UPDATE public.items SET sku = 1 WHERE ${VIA.replace('acme', 'globex')} AND (id = 2)`,
    ],
    [
      'changed by a pin',
      update,
      `UPDATE public.items SET sku = 1 WHERE items.tenant_id ${EQUALS} 'acme' AND (id = 2)`,
    ],
    ['removed', 'DELETE FROM items', 'DELETE FROM public.items'],
    [
      'removed without the client’s condition',
      'DELETE FROM items WHERE id = 2',
      `DELETE FROM public.items WHERE ${VIA}`,
    ],
    ['moved', 'UPDATE items SET order_id = 5', `UPDATE public.items SET order_id = 5 WHERE ${VIA}`],
    [
      'moved by another column',
      'UPDATE items SET order_id = items.id',
      `UPDATE public.items SET order_id = items.id WHERE ${VIA}`,
    ],
    [
      'moved by a relation called excluded',
      'UPDATE items SET order_id = excluded.order_id FROM (SELECT 18) AS excluded (order_id)',
      `UPDATE public.items SET order_id = excluded.order_id FROM (SELECT 18) AS excluded (order_id) WHERE ${VIA}`,
    ],
    [
      'moved in part',
      'UPDATE items SET order_id[1] = 5',
      `UPDATE public.items SET order_id[1] = ${tied('5')} WHERE ${VIA}`,
    ],
    [
      'moved in row form',
      'UPDATE items SET (sku, order_id) = (1, 5)',
      `UPDATE public.items SET (sku, order_id) = (1, 5) WHERE ${VIA}`,
    ],
    [
      'moved by a query',
      'UPDATE items SET (sku, order_id) = (SELECT 1, 5)',
      `UPDATE public.items SET (sku, order_id) = (SELECT 1, ${tied('5')}) WHERE ${VIA}`,
    ],
    [
      'moved with others’ keys',
      'UPDATE items SET order_id = 5',
      `UPDATE public.items SET order_id = ${tied('5', ['6'])} WHERE ${VIA}`,
    ],
    [
      'moved by what they are computed from',
      'UPDATE derived SET raw = 18',
      `UPDATE public.derived SET raw = 18 WHERE ${VIA.replaceAll('items', 'derived')}`,
    ],
    [
      'upserted',
      `${INSERT} ON CONFLICT (id) DO UPDATE SET sku = 1`,
      `${insert(tied('5'))} ON CONFLICT (id) DO UPDATE SET sku = 1`,
    ],
    [
      'upserted and moved',
      `${INSERT} ON CONFLICT (id) DO UPDATE SET order_id = 18`,
      `${insert(tied('5'))} ON CONFLICT (id) DO UPDATE SET order_id = 18 WHERE ${VIA}`,
    ],
    [
      'merged',
      'MERGE INTO items USING countries c ON true WHEN MATCHED THEN DELETE',
      'MERGE INTO public.items USING public.countries c ON true WHEN MATCHED THEN DELETE',
    ],
    [
      'merged where the source has none',
      'MERGE INTO items USING countries c ON true WHEN NOT MATCHED BY SOURCE THEN DELETE',
      `MERGE INTO public.items USING public.countries c ON ${VIA} AND (true) WHEN NOT MATCHED BY SOURCE THEN DELETE`,
    ],
    [
      'merged and moved',
      'MERGE INTO items USING countries c ON true WHEN MATCHED THEN UPDATE SET order_id = 18',
      `MERGE INTO public.items USING public.countries c ON ${VIA} AND (true) WHEN MATCHED THEN UPDATE SET order_id = 18`,
    ],
    [
      'merged from a row',
      'MERGE INTO items USING countries c ON true WHEN NOT MATCHED THEN INSERT VALUES (1, 5)',
      `MERGE INTO public.items USING public.countries c ON ${VIA} AND (true) WHEN NOT MATCHED THEN INSERT VALUES (1, ${tied('5')})`,
    ],
    [
      'merged from another row',
      'MERGE INTO items USING countries c ON true WHEN NOT MATCHED THEN INSERT VALUES (1, 5)',
      `MERGE INTO public.items USING public.countries c ON ${VIA} AND (true) WHEN NOT MATCHED THEN INSERT (sku, order_id) VALUES (1, ${tied('5')})`,
    ],
    [
      'merged from a row of two keys',
      'MERGE INTO items USING countries c ON true WHEN NOT MATCHED THEN INSERT (order_id, order_id) VALUES (5, 18)',
      `MERGE INTO public.items USING public.countries c ON ${VIA} AND (true) WHEN NOT MATCHED THEN INSERT (order_id, order_id) VALUES (${tied('5')}, 18)`,
    ],
    [
      'merged from a row of nobody’s',
      'MERGE INTO items USING countries c ON true WHEN NOT MATCHED THEN INSERT (id) VALUES (1)',
      `MERGE INTO public.items USING public.countries c ON ${VIA} AND (true) WHEN NOT MATCHED THEN INSERT (id) VALUES (1)`,
    ],
  ])('are not %s', (_title, original, scoped) => {
    expect(isProven(original, scoped)).toBe(false)
  })
})
