import { condition, expression } from './expression.js'
import type { Column, Scope } from './model.js'
import { TABLES } from './model.js'
import type { Query } from './select.js'
import type { Writer } from './writer.js'

/** Forms that need their parts to fit one another. */
export function special(w: Writer): Query {
  return w.random.pick([dependent, recursive, starred, numbered, documents, wholeRows])(w)
}

function scopeOf(table: string, alias: string): Scope {
  const found = TABLES.find(({ name }) => name === table)
  const source = { alias, columns: found?.columns ?? [], digits: found?.digits ?? [], isTable: true }
  return { sources: [source], outer: [], ctes: [], depth: 3, qualified: true }
}

function query(sql: string, columns: string): Query {
  const typed = columns.split(', ').map((column) => {
    const [name = '', type = ''] = column.split(' ')
    return { name, type } as Column
  })
  return { sql, columns: typed, ordered: false }
}

/** Columns that depend on the grouped primary key. */
function dependent(w: Writer): Query {
  const [one, many, key] = w.random.pick([
    ['accounts', 'projects', 'account_id'],
    ['accounts', 'invoices', 'account_id'],
    ['accounts', 'tasks', 'points'],
  ] as const)
  const kind = w.random.pick(['JOIN', 'LEFT JOIN'])
  const where = condition(w, scopeOf(one, 'o'))
  return query(
    `SELECT o.id, o.name AS shown, count(m.id)::int AS n FROM ${one} o ${kind} ${many} m ON m.${key} = o.id WHERE ${where} GROUP BY o.id`,
    'id int, shown text, n int',
  )
}

/** A recursive query over a tree made of ids; it may take the name of the table it reads. */
function recursive(w: Writer): Query {
  const name = w.random.pick(['walk', 'projects', 'r'])
  const all = w.random.pick(['UNION', 'UNION ALL'])
  const where = condition(w, scopeOf('tasks', 't'))
  return query(
    `WITH RECURSIVE ${name} (id, title, depth) AS (SELECT t.id, t.title, 0 FROM tasks t WHERE t.id = ${w.random.between(1, 9)} ${all} SELECT t.id, t.title, w.depth + 1 FROM ${name} w JOIN public.tasks t ON t.id = w.id * 2 OR t.project_id = w.id + 1 WHERE w.depth < 3 AND (${where})) SELECT id, title, depth FROM ${name}`,
    'id int, title text, depth int',
  )
}

function starred(w: Writer): Query {
  const table = w.random.pick(TABLES)
  const list = table.columns.map(({ name, type }) => `${name} ${type}`).join(', ')
  const body = w.random.pick([
    `SELECT s.* FROM ${table.name} s`,
    `SELECT s.* FROM (SELECT * FROM ${table.name}) s`,
    `SELECT (s).* FROM ${table.name} s`,
  ])
  return query(`${body} WHERE ${condition(w, scopeOf(table.name, 's'))}`, list)
}

/** Numbers over an order without ties. */
function numbered(w: Writer): Query {
  const window = w.random.pick([
    'row_number()',
    'ntile(3)',
    'sum(t.points)',
    'lag(t.points)',
    'first_value(t.id)',
  ])
  const frame =
    window.startsWith('sum') || window.startsWith('first') ? ' ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING' : ''
  const where = condition(w, scopeOf('tasks', 't'))
  return query(
    `SELECT t.id, (${window} OVER (PARTITION BY ${w.random.pick(['t.done', 't.project_id', 't.tenant_id'])} ORDER BY t.id${frame}))::int AS n FROM tasks t WHERE ${where}`,
    'id int, n int',
  )
}

/** The elements of a document beside its row. */
function documents(w: Writer): Query {
  const where = condition(w, scopeOf('accounts', 'a'))
  const call = w.random.pick([
    `jsonb_array_elements_text(a.meta -> 'tags') AS e (v)`,
    `jsonb_each_text(a.meta) AS e (k, v)`,
    `LATERAL (SELECT x AS v FROM jsonb_array_elements_text(a.meta -> 'tags') x ORDER BY 1 LIMIT 1) e`,
  ])
  return query(`SELECT a.id, e.v FROM accounts a, ${call} WHERE ${where}`, 'id int, v text')
}

function wholeRows(w: Writer): Query {
  const table = w.random.pick(TABLES)
  const scope = scopeOf(table.name, 's')
  const row = w.random.pick([
    `s::text`,
    `to_jsonb(s)::text`,
    `row_to_json(s)::text`,
    `(ROW(s.*))::text`,
    `(s IS NOT NULL)::text`,
  ])
  return query(
    `SELECT ${expression(w, scope, 'int')} AS n, ${row} AS r FROM ${table.name} s WHERE ${condition(w, scope)}`,
    'n int, r text',
  )
}
