import { beforeAll, describe, expect, test } from 'vitest'
import type { TenantCheck } from '../../../../src/sql/compiled.js'
import { loadParser } from '../../../../src/sql/parser.js'
import { EQUALS, isProven, PIN } from './proof.js'

beforeAll(loadParser)

const LITERAL: TenantCheck = {
  kind: 'literal',
  value: 'acme',
  relation: 'orders',
  type: 'pg_catalog.text',
}

describe('verify refuses a write', () => {
  const update = "UPDATE orders SET note = 'x' WHERE id = 1"
  const insert = 'INSERT INTO orders (id) VALUES (1), (2)'
  const upsert = "INSERT INTO orders (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET note = 'x'"
  const stamped = "INSERT INTO public.orders (id, tenant_id) VALUES (1, 'acme')"
  test.each([
    ['without a pin', update, "UPDATE public.orders SET note = 'x' WHERE id = 1"],
    ['without a WHERE', update, "UPDATE public.orders SET note = 'x'"],
    [
      'with the pin as the second conjunct',
      update,
      `UPDATE public.orders SET note = 'x' WHERE (id = 1) AND ${PIN}`,
    ],
    ['with the pin under OR', update, `UPDATE public.orders SET note = 'x' WHERE ${PIN} OR (id = 1)`],
    ['with the pin under NOT', update, `UPDATE public.orders SET note = 'x' WHERE NOT ${PIN} AND (id = 1)`],
    [
      'with the pin inside brackets of OR',
      update,
      `UPDATE public.orders SET note = 'x' WHERE (${PIN} OR true) AND (id = 1)`,
    ],
    [
      'with the pin of another relation',
      update,
      `UPDATE public.orders SET note = 'x' WHERE users.tenant_id ${EQUALS} 'acme' AND (id = 1)`,
    ],
    [
      'with the pin on another column',
      update,
      `UPDATE public.orders SET note = 'x' WHERE orders.note ${EQUALS} 'acme' AND (id = 1)`,
    ],
    [
      'with another tenant in the pin',
      update,
      `UPDATE public.orders SET note = 'x' WHERE orders.tenant_id ${EQUALS} 'globex' AND (id = 1)`,
    ],
    [
      'with the pin on the name that an alias hides',
      "UPDATE orders o SET note = 'x'",
      `UPDATE public.orders o SET note = 'x' WHERE ${PIN}`,
    ],
    ["without the client's condition", update, `UPDATE public.orders SET note = 'x' WHERE ${PIN}`],
    [
      'with two pins for a condition',
      update,
      `UPDATE public.orders SET note = 'x' WHERE ${PIN} AND (${PIN})`,
    ],
    [
      'of the tenant column',
      update,
      `UPDATE public.orders SET note = 'x', tenant_id = 'globex' WHERE ${PIN} AND (id = 1)`,
    ],
    [
      'of the tenant column that the client asked for',
      "UPDATE orders SET tenant_id = 'globex'",
      `UPDATE public.orders SET tenant_id = 'globex' WHERE ${PIN}`,
    ],
    [
      'of the tenant column by a column',
      'UPDATE orders SET tenant_id = note',
      `UPDATE public.orders SET tenant_id = note WHERE ${PIN}`,
    ],
    [
      'of the tenant column by a parameter nobody checks',
      'UPDATE orders SET tenant_id = $1',
      `UPDATE public.orders SET tenant_id = $1 WHERE ${PIN}`,
    ],
    [
      'of the tenant column in a row',
      "UPDATE orders SET (note, tenant_id) = ('x', 'globex')",
      `UPDATE public.orders SET (note, tenant_id) = ('x', 'globex') WHERE ${PIN}`,
    ],
    [
      'of the tenant column by a subquery',
      'UPDATE orders SET (note, tenant_id) = (SELECT 1, 2)',
      `UPDATE public.orders SET (note, tenant_id) = (SELECT 1, 2) WHERE ${PIN}`,
    ],
    [
      'of a part of the tenant column',
      "UPDATE orders SET tenant_id[1] = 'acme'",
      `UPDATE public.orders SET tenant_id[1] = 'acme' WHERE ${PIN}`,
    ],
    [
      "of a second column of a view that is the tenant's",
      "UPDATE owned_orders SET owner = 'globex'",
      `UPDATE public.owned_orders SET owner = 'globex' WHERE owned_orders.tenant_id ${EQUALS} 'acme'`,
    ],
    ['of a shared relation', "UPDATE countries SET name = 'x'", "UPDATE public.countries SET name = 'x'"],
    ['of a tied relation', "UPDATE items SET sku = 'x'", "UPDATE public.items SET sku = 'x'"],
    ['of an undeclared relation', 'DELETE FROM secrets', 'DELETE FROM public.secrets'],
    ['of a name without a schema', 'DELETE FROM orders', `DELETE FROM orders WHERE ${PIN}`],
    ['that deletes without a pin', 'DELETE FROM orders', 'DELETE FROM public.orders'],
    [
      'that deletes behind a subquery',
      'DELETE FROM orders',
      `DELETE FROM public.orders WHERE (SELECT ${PIN})`,
    ],
    [
      'inside a WITH',
      'WITH q AS (DELETE FROM orders RETURNING 1) SELECT 1',
      'WITH q AS (DELETE FROM public.orders RETURNING 1) SELECT 1',
    ],
    [
      'with an unguarded FROM',
      "UPDATE orders SET note = 'x' FROM users",
      `UPDATE public.orders SET note = 'x' FROM public.users WHERE ${PIN}`,
    ],
    [
      'with an unguarded USING',
      'DELETE FROM orders USING users',
      `DELETE FROM public.orders USING public.users WHERE ${PIN}`,
    ],
    [
      'with a stamp missing in one row',
      insert,
      "INSERT INTO public.orders (id, tenant_id) VALUES (1, 'acme'), (2)",
    ],
    [
      'with another tenant in one row',
      insert,
      "INSERT INTO public.orders (id, tenant_id) VALUES (1, 'acme'), (2, 'globex')",
    ],
    [
      'with a NULL in one row',
      insert,
      "INSERT INTO public.orders (id, tenant_id) VALUES (1, 'acme'), (2, NULL)",
    ],
    [
      'with DEFAULT in one row',
      insert,
      "INSERT INTO public.orders (id, tenant_id) VALUES (1, 'acme'), (2, DEFAULT)",
    ],
    [
      'with the stamp in another column',
      insert,
      "INSERT INTO public.orders (id, note) VALUES (1, 'acme'), (2, 'acme')",
    ],
    [
      'with the stamp in front',
      insert,
      "INSERT INTO public.orders (tenant_id, id) VALUES ('acme', 1), ('acme', 2)",
    ],
    [
      'with the columns exchanged',
      insert,
      "INSERT INTO public.orders (tenant_id, id) VALUES (1, 'acme'), (2, 'acme')",
    ],
    [
      'with the tenant column twice',
      insert,
      "INSERT INTO public.orders (tenant_id, tenant_id) VALUES (1, 'acme'), (2, 'acme')",
    ],
    ['without a stamp', insert, 'INSERT INTO public.orders (id) VALUES (1), (2)'],
    [
      'with a changed value',
      insert,
      "INSERT INTO public.orders (id, tenant_id) VALUES (1, 'acme'), (3, 'acme')",
    ],
    ['with a row less', insert, "INSERT INTO public.orders (id, tenant_id) VALUES (1, 'acme')"],
    ['without a stamp, no list', 'INSERT INTO orders VALUES (1)', 'INSERT INTO public.orders VALUES (1)'],
    ['with DEFAULT VALUES', 'INSERT INTO orders DEFAULT VALUES', 'INSERT INTO public.orders DEFAULT VALUES'],
    [
      'of a value nobody checks',
      "INSERT INTO orders (tenant_id) VALUES ('globex')",
      "INSERT INTO public.orders (tenant_id) VALUES ('globex')",
    ],
    [
      'of an expression',
      'INSERT INTO orders (tenant_id) VALUES (lower($1))',
      'INSERT INTO public.orders (tenant_id) VALUES (lower($1))',
    ],
    [
      'from a SELECT without a stamp',
      'INSERT INTO orders (id) SELECT 1',
      'INSERT INTO public.orders (id) SELECT 1',
    ],
    [
      'from an arm without a stamp',
      'INSERT INTO orders (id) SELECT 1 UNION SELECT 2',
      "INSERT INTO public.orders (id, tenant_id) SELECT 1, 'acme' UNION SELECT 2, 'globex'",
    ],
    [
      'from a SELECT behind a star',
      'INSERT INTO orders (id) SELECT * FROM countries',
      "INSERT INTO public.orders (tenant_id, id) SELECT 'acme', * FROM public.countries",
    ],
    ['with ON CONFLICT without a pin', upsert, `${stamped} ON CONFLICT (id) DO UPDATE SET note = 'x'`],
    [
      'with ON CONFLICT whose pin is in the inference',
      upsert,
      `${stamped} ON CONFLICT (id) WHERE ${PIN} DO UPDATE SET note = 'x'`,
    ],
    [
      'with ON CONFLICT whose pin is on the new row',
      upsert,
      `${stamped} ON CONFLICT (id) DO UPDATE SET note = 'x' WHERE excluded.tenant_id ${EQUALS} 'acme'`,
    ],
    [
      'with ON CONFLICT that sets the tenant column',
      upsert,
      `${stamped} ON CONFLICT (id) DO UPDATE SET tenant_id = 'globex' WHERE ${PIN}`,
    ],
    ['with ON CONFLICT DO NOTHING for DO UPDATE', upsert, `${stamped} ON CONFLICT (id) DO NOTHING`],
    [
      'by MERGE without a pin',
      'MERGE INTO orders USING countries ON true WHEN MATCHED THEN DELETE',
      'MERGE INTO public.orders USING public.countries ON true WHEN MATCHED THEN DELETE',
    ],
    [
      'by MERGE on unmatched rows of all tenants',
      'MERGE INTO orders USING countries ON true WHEN NOT MATCHED BY SOURCE THEN DELETE',
      `MERGE INTO public.orders USING public.countries ON ${PIN} AND (true) WHEN NOT MATCHED BY SOURCE THEN DELETE`,
    ],
    [
      'by MERGE without a stamp',
      'MERGE INTO orders USING countries ON true WHEN NOT MATCHED THEN INSERT (id) VALUES (1)',
      `MERGE INTO public.orders USING public.countries ON ${PIN} AND (true) WHEN NOT MATCHED THEN INSERT (id) VALUES (1)`,
    ],
    [
      'by MERGE of the tenant column',
      "MERGE INTO orders USING countries ON true WHEN MATCHED THEN UPDATE SET tenant_id = 'x'",
      `MERGE INTO public.orders USING public.countries ON ${PIN} AND (true) WHEN MATCHED THEN UPDATE SET tenant_id = 'x'`,
    ],
    ['by a statement it has no proof for', 'TRUNCATE orders', 'TRUNCATE public.orders'],
    ['by COPY', 'COPY orders FROM STDIN', 'COPY public.orders FROM STDIN'],
    ['by SELECT INTO', 'SELECT 1 INTO t', 'SELECT 1 INTO t'],
    ['by CREATE TABLE AS', 'CREATE TABLE t AS SELECT 1', 'CREATE TABLE t AS SELECT 1'],
  ])('%s', (_title, original, scoped) => {
    expect(isProven(original, scoped)).toBe(false)
  })

  test('of a value that will be compared with the tenant is accepted', () => {
    const original = "INSERT INTO orders (tenant_id) VALUES ('acme')"
    const scoped = "INSERT INTO public.orders (tenant_id) VALUES ('acme')"
    expect(isProven(original, scoped, { checks: [LITERAL] })).toBe(true)
    expect(isProven(original, scoped.replace('acme', 'globex'), { checks: [LITERAL] })).toBe(false)
  })
})
