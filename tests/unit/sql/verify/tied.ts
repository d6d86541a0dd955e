import { EQUALS } from './proof.js'

/** The condition of a child's rows. */
export const VIA = `EXISTS (SELECT FROM public.orders AS p WHERE p.id ${EQUALS} items.order_id AND p.tenant_id ${EQUALS} 'acme')`
/** What the failure says: the names for the words of PostgreSQL's own error. */
export const MARK = `'tg_parent ["public","items","order_id","orders","tie"] '`
/** What fails where there is no parent. */
export const FAILURE = `CAST(pg_catalog.concat(${MARK}, v.v IS NULL, ' ', v.v, ' tg_parent') AS pg_catalog.bool)`
/** The condition of a key, called v. */
export const PARENT = `CASE WHEN EXISTS (SELECT FROM public.orders AS p WHERE p.id ${EQUALS} v.v AND p.tenant_id ${EQUALS} 'acme' FOR KEY SHARE) THEN true ELSE ${FAILURE} END`

/** A key that is tied, and maybe others with it. */
export function tied(value: string, others: readonly string[] = []): string {
  const rows = others.map((other) => `(CAST(${other} AS pg_catalog.int4))`).join(', ')
  const further =
    rows === '' ? '' : ` AND (SELECT pg_catalog.bool_and(${PARENT}) FROM (VALUES ${rows} OFFSET 0) AS v(v))`
  return `(SELECT v.v FROM (VALUES (CAST(${value} AS pg_catalog.int4)) OFFSET 0) AS v(v) WHERE ${PARENT}${further})`
}

export const INSERT = 'INSERT INTO items (id, order_id) VALUES (1, 5)'
/** The scoped form of it, with this key. */
export const insert = (key: string) => `INSERT INTO public.items (id, order_id) VALUES (1, ${key})`
