import { columnsOf, condition, expression } from './expression.js'
import { type From, from } from './from.js'
import type { Column, Scope, Type } from './model.js'
import { TABLES } from './model.js'
import { special } from './special.js'
import type { Writer } from './writer.js'

/** A query, the columns it gives, and whether it fixes their order down to equal rows. */
export interface Query {
  readonly sql: string
  readonly columns: readonly Column[]
  readonly ordered: boolean
}

const OUTPUTS: readonly Type[] = [
  'int',
  'int',
  'text',
  'text',
  'numeric',
  'date',
  'boolean',
  'jsonb',
  'texts',
  'plan',
  'timestamp',
  'float',
]

/** A query with any columns, or with columns of the given types. */
export function select(w: Writer, scope: Scope, types?: readonly Type[]): Query {
  if (w.budget() <= 0) return plain(w, scope, types)
  const choice = w.random.below(100)
  if (choice < 12 && scope.depth < 4) return withList(w, scope, types)
  return types === undefined && scope.depth === 0 && choice > 90 ? special(w) : withoutList(w, scope, types)
}

/** A query that doesn't begin with WITH, as another WITH may stand in front of it. */
function withoutList(w: Writer, scope: Scope, types?: readonly Type[]): Query {
  const choice = w.random.between(12, 99)
  if (choice < 24 && scope.depth < 4) return setOperation(w, scope, types)
  if (choice < 27 && types === undefined && scope.depth === 0) return wholeTable(w)
  if (choice < 46) return grouped(w, scope, types)
  if (choice < 58) return windowed(w, scope, types)
  return plain(w, scope, types)
}

interface Output {
  readonly sql: string
  readonly column: Column
}

function outputs(w: Writer, types: readonly Type[], make: (type: Type) => string): readonly Output[] {
  return types.map((type) => {
    const name = w.columnName()
    return { sql: `${make(type)} AS ${name}`, column: { name, type } }
  })
}

function chooseTypes(w: Writer): readonly Type[] {
  return Array.from({ length: w.random.between(1, 4) }, () => w.random.pick(OUTPUTS))
}

function plain(w: Writer, scope: Scope, types?: readonly Type[]): Query {
  const { sql, sources } = from(w, scope)
  const inside = { ...scope, sources, outer: [...scope.sources, ...scope.outer] }
  const star =
    types === undefined && w.random.chance(15) && new Set(names(sources)).size === names(sources).length
  const list = star ? [] : outputs(w, types ?? chooseTypes(w), (type) => expression(w, inside, type))
  const columns = star ? sources.flatMap((source) => source.columns) : list.map(({ column }) => column)
  const where = w.random.chance(42) ? ` WHERE ${condition(w, inside)}` : ''
  const distinct =
    !star && w.random.chance(12) ? w.random.pick(['DISTINCT ', `DISTINCT ON (${columns[0]?.name}) `]) : ''
  const body = `SELECT ${distinct}${star ? '*' : list.map((output) => output.sql).join(', ')} FROM ${sql}${where}`
  if (star) return { sql: body, columns, ordered: false }
  const sorted = finish(w, { sql: body, columns, ordered: false }, distinct.startsWith('DISTINCT ON'))
  const lockable = scope.depth === 0 && distinct === '' && isTablesOnly(sql) && w.random.chance(8)
  return lockable
    ? { ...sorted, sql: `${sorted.sql} ${w.random.pick(['FOR UPDATE', 'FOR SHARE', 'FOR NO KEY UPDATE'])}` }
    : sorted
}

/** Locks don't go with the nullable side of a join, nor with what isn't a table. */
function isTablesOnly(sql: string): boolean {
  return (
    /^(public\.)?\w+ (AS )?\w+( JOIN (public\.)?\w+ (AS )?\w+ ON [^()]*)?$/.test(sql) &&
    !/open_tasks|task_archive/.test(sql)
  )
}

function names(sources: From['sources']): readonly string[] {
  return sources.flatMap((source) => source.columns.map(({ name }) => name))
}

/**
 * Adds ORDER BY over all columns, and LIMIT only behind it: anything less would leave the server a choice.
 *
 * WITH TIES stays away from min and max: where the planner reads them off an index, PostgreSQL gives all ties of the
 * least value to a place for one (measured on 18.4: error 21000, by plan).
 */
function finish(w: Writer, query: Query, must = false): Query {
  if (!must && !w.random.chance(45)) return query
  const positions = query.columns.map((_, i) => i + 1)
  // DISTINCT ON wants its own expression first
  const order = must ? positions : w.random.shuffled(positions)
  const keys = order.map(
    (position) => `${position}${w.random.pick(['', '', ' DESC', ' NULLS FIRST', ' DESC NULLS LAST'])}`,
  )
  const limit = w.random.chance(35)
    ? w.random.pick([
        ` LIMIT ${w.random.between(0, 9)}`,
        ` OFFSET ${w.random.below(4)}`,
        ` LIMIT 5 OFFSET 2`,
        ' FETCH FIRST 3 ROWS ONLY',
        /\bmax|\bmin/.test(query.sql) ? '' : ' FETCH FIRST 2 ROWS WITH TIES',
      ])
    : ''
  return { ...query, sql: `${query.sql} ORDER BY ${keys.join(', ')}${limit}`, ordered: true }
}

const AGGREGATES: Readonly<Record<Type, readonly ((of: (type: Type) => string) => string)[]>> = {
  int: [
    (of) => `max(${of('int')})`,
    (of) => `min(${of('int')})`,
    () => 'count(*)::int',
    (of) => `count(DISTINCT ${of('text')})::int`,
    (of) => `sum(${of('int')})::int`,
  ],
  numeric: [(of) => `sum(${of('numeric')})`, (of) => `avg(${of('int')})`, (of) => `max(${of('numeric')})`],
  text: [
    (of) => `max(${of('text')})`,
    (of) =>
      `string_agg(${of('text')}, ',' ORDER BY 1)`.replace(
        /\((.*), ',' ORDER BY 1\)$/s,
        (_, x) => `(${x}, ',' ORDER BY ${x})`,
      ),
  ],
  boolean: [(of) => `bool_or(${of('boolean')})`, (of) => `bool_and(${of('boolean')})`],
  date: [(of) => `max(${of('date')})`, (of) => `min(${of('date')})`],
  timestamp: [(of) => `max(${of('timestamp')})`],
  jsonb: [(of) => ((x) => `jsonb_agg(${x} ORDER BY ${x})`)(of('text'))],
  texts: [
    (of) => ((x) => `array_agg(${x} ORDER BY ${x})`)(of('text')),
    (of) => `array_agg(DISTINCT ${of('text')})`,
  ],
  plan: [(of) => `max(${of('plan')})`],
  float: [(of) => `max(${of('float')})`, (of) => `sum(${of('float')})`],
}

function grouped(w: Writer, scope: Scope, types?: readonly Type[]): Query {
  const { sql, sources } = from(w, scope)
  const inside = { ...scope, sources, outer: [...scope.sources, ...scope.outer], depth: scope.depth + 2 }
  // an aggregate over an outer query's columns alone belongs to the outer query
  const own = { ...inside, outer: [] }
  const keyTypes = w.random.shuffled(['int', 'text', 'date', 'boolean'] as const).slice(0, w.random.below(3))
  const keys = keyTypes.flatMap((type) =>
    w.random
      .shuffled(columnsOf(own, type))
      .slice(0, 1)
      .map((name) => ({ name, type })),
  )
  const list = outputs(w, types ?? chooseTypes(w), (type) => {
    const key = keys.find((candidate) => candidate.type === type)
    if (key !== undefined && w.random.chance(60)) return key.name
    const filter = w.random.chance(12) ? ` FILTER (WHERE ${condition(w, inside)})` : ''
    const aggregate = w.random.pick(AGGREGATES[type])((wanted) => expression(w, own, wanted))
    return filter === '' || aggregate.includes('::int') ? aggregate : `${aggregate}${filter}`
  })
  const where = w.random.chance(35) ? ` WHERE ${condition(w, inside)}` : ''
  const by =
    keys.length === 0
      ? ''
      : ` GROUP BY ${grouping(
          w,
          keys.map(({ name }) => name),
        )}`
  const having = w.random.chance(25) ? ` HAVING ${havingOf(w, own)}` : ''
  const body = `SELECT ${list.map((output) => output.sql).join(', ')} FROM ${sql}${where}${by}${having}`
  return finish(w, { sql: body, columns: list.map(({ column }) => column), ordered: false })
}

function havingOf(w: Writer, own: Scope): string {
  const forms = [
    () => 'count(*) > 1',
    () => `max(${expression(w, own, 'int')}) > 3`,
    () => `NOT bool_and(${condition(w, own)})`,
  ]
  return w.random.pick(forms)()
}

function grouping(w: Writer, keys: readonly string[]): string {
  if (w.random.chance(75)) return keys.join(', ')
  return w.random.pick([
    `ROLLUP (${keys.join(', ')})`,
    `CUBE (${keys.join(', ')})`,
    `GROUPING SETS ((${keys.join(', ')}), ())`,
  ])
}

/** Only functions that treat peers alike: which of two equal rows comes first is the server's choice. */
function windowed(w: Writer, scope: Scope, types?: readonly Type[]): Query {
  const { sql, sources } = from(w, scope)
  const inside = { ...scope, sources, outer: [...scope.sources, ...scope.outer], depth: scope.depth + 2 }
  const over = () => {
    const partition = w.random.chance(60)
      ? `PARTITION BY ${expression(w, inside, w.random.pick(['int', 'text', 'boolean']))}`
      : ''
    const order = w.random.chance(60)
      ? ` ORDER BY ${expression(w, inside, w.random.pick(['int', 'text', 'date']))}`
      : ''
    return `OVER (${partition}${order})`
  }
  const ranks = ['rank()', 'dense_rank()', 'count(*)']
  const list = outputs(w, types ?? chooseTypes(w), (type) => {
    if (w.random.chance(35)) return expression(w, inside, type)
    if (type === 'int') return `(${w.random.pick(ranks)} ${over()})::int`
    if (type === 'text') return `max(${expression(w, inside, 'text')}) ${over()}`
    if (type === 'numeric') return `sum(${expression(w, inside, 'numeric')}) ${over()}`
    return expression(w, inside, type)
  })
  const where = w.random.chance(35) ? ` WHERE ${condition(w, inside)}` : ''
  return finish(w, {
    sql: `SELECT ${list.map((output) => output.sql).join(', ')} FROM ${sql}${where}`,
    columns: list.map(({ column }) => column),
    ordered: false,
  })
}

function setOperation(w: Writer, scope: Scope, types?: readonly Type[]): Query {
  const wanted = types ?? chooseTypes(w)
  const deeper = { ...scope, depth: scope.depth + 1 }
  const left = select(w, deeper, wanted)
  const operators = ['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'INTERSECT ALL', 'EXCEPT ALL']
  const sql = `(${left.sql}) ${w.random.pick(operators)} (${select(w, deeper, wanted).sql})`
  return finish(w, { sql, columns: left.columns, ordered: false })
}

/** Common table expressions, every third of which takes the name of a table. */
function withList(w: Writer, scope: Scope, types?: readonly Type[]): Query {
  const count = w.random.between(1, 2)
  let ctes = scope.ctes
  const parts: string[] = []
  const taken = new Set<string>()
  for (let i = 0; i < count; i += 1) {
    const name = w.random.chance(40) ? w.random.pick(TABLES).name : w.alias()
    if (taken.has(name)) continue
    taken.add(name)
    const query = select(w, { ...scope, ctes, depth: scope.depth + 2 })
    parts.push(`${name} AS ${w.random.pick(['', '', 'MATERIALIZED ', 'NOT MATERIALIZED '])}(${query.sql})`)
    ctes = [...ctes.filter((cte) => cte.name !== name), { name, columns: query.columns }]
  }
  const body = withoutList(w, { ...scope, ctes, depth: scope.depth + 1 }, types)
  return { ...body, sql: `WITH ${parts.join(', ')} ${body.sql}` }
}

function wholeTable(w: Writer): Query {
  const table = w.random.pick(TABLES)
  return { sql: `TABLE ${table.name}`, columns: table.columns, ordered: false }
}
