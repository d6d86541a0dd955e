import { condition, expression } from './expression.js'
import { type Scope, type Source, TABLES, type Table } from './model.js'
import type { Writer } from './writer.js'

/** Tables whose `id` is unique within a tenant, and what a new row of theirs must have. */
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  tasks: ['title'],
  projects: ['title'],
  meters: [],
  open_tasks: ['title'],
}

/** MERGE over sources of which at most one fits each row: which of several counts would be the server's choice. */
export function merge(w: Writer): { readonly sql: string; readonly touches: readonly string[] } {
  const table = tableOf(w.random.pick(Object.keys(TARGETS)))
  const other = tableOf(w.random.pick(['projects', 'tasks', 'events', 'comments', 'vehicles']))
  const [target, source] = [sourceOf(table, 't'), sourceOf(other, 's')]
  const both: Scope = { sources: [target, source], outer: [], ctes: [], depth: 3, qualified: true }
  const more = w.random.chance(25) ? ` AND ${condition(w, both)}` : ''
  const actions = [
    matched(w, table, both),
    ...(more === '' ? [unmatched(w, table, { ...both, sources: [source] })] : []),
  ]
  const sql = `MERGE INTO ${table.name} ${w.random.pick(['', 'AS '])}t USING ${using(w, other)} ON t.id = s.id${more} ${w.random.some(actions, 70).join(' ')}`
  return { sql, touches: [table.name] }
}

function using(w: Writer, other: Table): string {
  const order = other.columns.map(({ name }) => name).join(', ')
  const source = `(SELECT DISTINCT ON (id) * FROM ${w.spelled(other.name)} ORDER BY id, ${order}) s`
  if (w.random.chance(75)) return source
  const one = w.random.pick(['CROSS JOIN (VALUES (1)) one (n)', 'JOIN (VALUES (1)) one (n) ON one.n = 1'])
  return w.random.chance(50) ? `${source} ${one}` : `(${source} ${one})`
}

function matched(w: Writer, table: Table, both: Scope): string {
  const when = w.random.chance(50) ? ` AND ${condition(w, both)}` : ''
  const free = table.columns.filter(
    ({ name }) => !['id', 'tenant_id', 'org', 'title', 'tags', 'done', 'code'].includes(name),
  )
  const set = w.random
    .some(free, 30)
    .map(({ name, type }) => `${name} = ${expression(w, both, type)}`)
    .join(', ')
  return `WHEN MATCHED${when} THEN ${w.random.pick([`UPDATE SET ${set}`, `UPDATE SET ${set}`, 'DELETE', 'DO NOTHING'])}`
}

function unmatched(w: Writer, table: Table, scope: Scope): string {
  const when = w.random.chance(40) ? ` AND ${condition(w, scope)}` : ''
  const required = TARGETS[table.name] ?? []
  const tenant = table.columns.filter(
    ({ name }) => ['tenant_id', 'org'].includes(name) && w.random.chance(35),
  )
  const columns = ['id', ...required, ...tenant.map(({ name }) => name)]
  const values = [
    's.id',
    ...required.map(() => w.literal('text')),
    ...tenant.map(({ type }) => (type === 'int' ? '7' : `'7'`)),
  ]
  return `WHEN NOT MATCHED${when} THEN INSERT (${columns.join(', ')}) VALUES (${values.join(', ')})`
}

function tableOf(name: string): Table {
  return TABLES.find((table) => table.name === name) ?? { name, columns: [] }
}

function sourceOf(table: Table, alias: string): Source {
  return { alias, columns: table.columns, digits: table.digits ?? [], isTable: true }
}
