import { condition, expression } from './expression.js'
import type { Column, Scope, Source, Table, Type } from './model.js'
import { TABLES } from './model.js'
import type { Writer } from './writer.js'

export interface Written {
  readonly sql: string
  /** The tables whose rows may have changed. */
  readonly touches: readonly string[]
}

const TENANT_COLUMNS = ['tenant_id', 'org']

const writable = TABLES.filter((table) => table.key !== undefined)

/** INSERT, UPDATE or DELETE, now and then inside a common table expression. */
export function write(w: Writer, depth = 0): Written {
  const table = w.random.pick(writable)
  const choice = w.random.below(100)
  const written = choice < 45 ? insert(w, table) : choice < 78 ? update(w, table) : remove(w, table)
  if (depth > 0 || !w.random.chance(12)) return { sql: written, touches: [table.name] }
  return inExpression(w, { sql: written, touches: [table.name] })
}

/** A data-modifying common table expression under a query that reads what it returned, or another table. */
function inExpression(w: Writer, inner: Written): Written {
  const read = inner.sql.includes(' RETURNING ') ? 'SELECT * FROM changed' : 'SELECT 1 AS done'
  const other = w.select(EMPTY).sql
  const body = w.random.chance(60) || other.startsWith('WITH ') ? read : other
  return {
    sql: `WITH changed AS (${inner.sql}) ${body}`,
    touches: inner.touches,
  }
}

const EMPTY: Scope = { sources: [], outer: [], ctes: [], depth: 1 }

function sourceOf(table: Table, alias: string): Source {
  return { alias, columns: table.columns, digits: table.digits ?? [], isTable: true }
}

function isTenantColumn({ name }: Column): boolean {
  return TENANT_COLUMNS.includes(name)
}

/** Shows columns of the target only: which of several matching rows of FROM counts is the server's choice. */
function returning(w: Writer, source: Source, alone = true): string {
  if (!w.random.chance(60)) return ''
  const scope = { ...EMPTY, sources: [source], depth: 3, qualified: !alone }
  const list = w.random.some([alone ? '*' : `${source.alias}.*`, 'int', 'text', 'date'] as const, 40)
  return ` RETURNING ${list.map((type) => (type.endsWith('*') ? type : expression(w, scope, type as Type))).join(', ')}`
}

function insert(w: Writer, table: Table): string {
  const key = table.key ?? []
  const required = table.columns.filter(
    ({ name }) => key.includes(name) || name === 'id' || name === table.tie || REQUIRED.includes(name),
  )
  const optional = table.columns.filter(
    (column) => !required.includes(column) && !isTenantColumn(column) && w.random.chance(50),
  )
  const tenant = table.columns.filter((column) => isTenantColumn(column) && w.random.chance(35))
  const columns = w.random.shuffled([
    ...required.filter((column) => !isTenantColumn(column)),
    ...optional,
    ...tenant,
  ])
  const alias = w.random.chance(25) ? w.alias() : table.name
  const target = alias === table.name ? table.name : `${table.name} AS ${alias}`
  const source = sourceOf(table, alias)
  const rows = w.random.chance(65) ? values(w, columns) : selected(w, columns)
  return `INSERT INTO ${target} (${columns.map(({ name }) => name).join(', ')}) ${rows}${conflict(w, table, source)}${returning(w, source)}`
}

function values(w: Writer, columns: readonly Column[]): string {
  const first = w.fresh()
  const rows = Array.from(
    { length: w.random.between(1, 3) },
    (_, i) => `(${columns.map((column) => inserted(w, column, first + i)).join(', ')})`,
  )
  if (columns.some(({ name }) => name === 'invoice_id') && w.random.chance(12))
    return orphan(w, columns, first)
  return `VALUES ${rows.join(', ')}`
}

/** A value of its own for every key, so that it can't meet another tenant's; sometimes one that the tenant has. */
function inserted(w: Writer, { name, type }: Column, n: number): string {
  if (name === 'tenant_id') return `'7'`
  if (name === 'org') return '7'
  if (name === 'id') return String(w.random.chance(12) ? w.random.pick([1, 2, 17, 27, 37]) : n)
  if (name === 'invoice_id') return parent(w)
  if (name === 'code') return `'7-${n}'`
  if (name === 'at') return `'2025-0${w.random.between(1, 9)}-11'`
  if (name === 'note') return `'${n % 10}'`
  if (w.random.chance(8)) return w.random.pick(['NULL', 'DEFAULT'])
  return w.random.chance(12) ? expression(w, { ...EMPTY, depth: 3 }, type) : w.literal(type)
}

/** One row whose parent is another tenant's, nobody's, or missing, and with which nothing else is wrong. */
function orphan(w: Writer, columns: readonly Column[], n: number): string {
  const values = columns.map(({ name, type }) => {
    if (name === 'invoice_id') return w.random.pick(['18', '9999', `'28'`, 'NULL', '10 + 8'])
    return name === 'id' ? String(n) : w.literal(type)
  })
  return `VALUES (${values.join(', ')})`
}

/** An invoice of the tenant's. */
function parent(w: Writer): string {
  return w.random.pick(['17', '27', '37', `'47'`, '10 + 7', '(SELECT max(id) FROM invoices)'])
}

/** Rows made from one table's, each with a key that is new. */
function selected(w: Writer, columns: readonly Column[]): string {
  const base = w.fresh()
  const scope = { ...EMPTY, sources: [sourceOf(TASKS, 's')], depth: 3 }
  const list = columns.map((column) => derived(w, column, { scope, base }))
  return `SELECT ${list.join(', ')} FROM tasks s WHERE ${w.random.chance(50) ? 's.id < 4' : condition(w, scope)}`
}

function derived(w: Writer, { name, type }: Column, { scope, base }: { scope: Scope; base: number }): string {
  const fixed: Record<string, readonly string[]> = {
    tenant_id: [`'7'`, 's.tenant_id'],
    org: ['7'],
    id: [`s.id + ${base}`],
    invoice_id: ['17', 's.id % 8 * 10 + 17', 's.points * 0 + 27', '(SELECT min(id) FROM invoices)'],
    code: [`'7-' || (s.id + ${base})`],
    at: ['s.due + 300'],
    note: ['s.code'],
  }
  if (Object.hasOwn(fixed, name)) return w.random.pick(fixed[name] ?? [])
  return REQUIRED.includes(name) ? sure(type) : expression(w, scope, type)
}

const REQUIRED = ['name', 'title', 'done', 'active', 'plan', 'tags', 'hits']

const TASKS = TABLES.find(({ name }) => name === 'tasks') ?? { name: 'tasks', columns: [] }

/** An expression over `tasks s` that isn't null. */
function sure(type: Type): string {
  const known: Partial<Record<Type, string>> = {
    text: 's.title',
    boolean: 's.done',
    int: 's.id',
    texts: 's.codes',
    plan: `'team'::plan`,
  }
  return known[type] ?? 'NULL'
}

function conflict(w: Writer, table: Table, source: Source): string {
  const key = table.key ?? []
  if (key.length === 0 || !w.random.chance(50)) return ''
  const target = w.random.chance(70) ? ` (${key.join(', ')})` : ''
  if (target === '' || w.random.chance(35)) return ` ON CONFLICT${target} DO NOTHING`
  const scope = { ...EMPTY, sources: [source, { ...source, alias: 'EXCLUDED' }], depth: 3 }
  const where = w.random.chance(40) ? ` WHERE ${condition(w, scope)}` : ''
  return ` ON CONFLICT${target} DO UPDATE SET ${assignments(w, table, scope)}${where}`
}

function assignments(w: Writer, table: Table, scope: Scope): string {
  const free = table.columns.filter(
    (column) =>
      !isTenantColumn(column) &&
      !(table.key ?? []).includes(column.name) &&
      column.name !== 'id' &&
      (column.name !== table.tie || w.random.chance(40)) &&
      column.name !== 'at' &&
      column.name !== 'code',
  )
  const chosen = w.random.some(free, 30).slice(0, 3)
  if (chosen.length > 1 && w.random.chance(30))
    return `(${chosen.map(({ name }) => name).join(', ')}) = ${w.random.pick(['', 'ROW '])}(${chosen.map((column) => assigned(w, column, scope)).join(', ')})`
  return chosen
    .map((column) => {
      const isDefault = column.name !== table.tie && w.random.chance(8)
      return `${column.name} = ${isDefault ? 'DEFAULT' : assigned(w, column, scope)}`
    })
    .join(', ')
}

function assigned(w: Writer, { name, type }: Column, scope: Scope): string {
  if (name !== 'invoice_id') return expression(w, scope, type)
  const own = `${scope.sources[0]?.alias}.invoice_id`
  return w.random.chance(15) ? w.random.pick(['18', `${own} + 1`, 'NULL']) : w.random.pick([own, parent(w)])
}

function update(w: Writer, table: Table): string {
  const alias = w.random.chance(40) ? w.alias() : table.name
  const source = sourceOf(table, alias)
  const scope = { ...EMPTY, sources: [source], depth: 2 }
  const target = alias === table.name ? table.name : `${table.name} ${w.random.pick(['', 'AS '])}${alias}`
  const set = assignments(w, table, { ...scope, qualified: true })
  const other = w.random.chance(30) ? w.random.pick(TABLES) : undefined
  const more = other === undefined ? undefined : { name: other.name, source: sourceOf(other, w.alias()) }
  const inside = more === undefined ? scope : { ...scope, sources: [source, more.source] }
  const list = more === undefined ? '' : ` FROM ${more.name} ${more.source.alias}`
  const where = w.random.chance(85) || more !== undefined ? ` WHERE ${condition(w, inside)}` : ''
  return `UPDATE ${target} SET ${set}${list}${where}${returning(w, source, more === undefined)}`
}

function remove(w: Writer, table: Table): string {
  const alias = w.random.chance(40) ? w.alias() : table.name
  const source = sourceOf(table, alias)
  const target = alias === table.name ? table.name : `${table.name} AS ${alias}`
  const other = w.random.chance(30) ? w.random.pick(TABLES) : undefined
  const using = other === undefined ? undefined : { name: other.name, source: sourceOf(other, w.alias()) }
  const sources = using === undefined ? [source] : [source, using.source]
  const list = using === undefined ? '' : ` USING ${using.name} ${using.source.alias}`
  return `DELETE FROM ${target}${list} WHERE ${condition(w, { ...EMPTY, sources, depth: 2 })}${returning(w, source, using === undefined)}`
}
