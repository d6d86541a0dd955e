import { condition } from './expression.js'
import type { Column, Scope, Source, Table } from './model.js'
import { TABLES } from './model.js'
import type { Writer } from './writer.js'

export interface From {
  readonly sql: string
  readonly sources: readonly Source[]
  /** Whether it ends in a comma join, behind which an ON can't see what stands before the comma. */
  readonly closed?: boolean
}

/** Something to read from: one relation, or up to three joined. */
export function from(w: Writer, scope: Scope): From {
  const first = item(w, scope, [])
  const joins = scope.depth > 2 ? w.random.below(2) : w.random.pick([0, 0, 1, 1, 1, 2])
  let joined = first
  for (let i = 0; i < joins && !joined.closed; i += 1) joined = join(w, scope, joined)
  return joined
}

function join(w: Writer, scope: Scope, left: From): From {
  const lateral = w.random.chance(12)
  const right = item(w, scope, lateral ? left.sources : [])
  const sources = [...left.sources, ...right.sources]
  if (w.random.chance(8)) return { sql: `${left.sql}, ${right.sql}`, sources, closed: true }
  const kind = w.random.pick(
    lateral ? ['JOIN', 'LEFT JOIN'] : ['JOIN', 'JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'],
  )
  const shared = common(left.sources, right.sources)
  if (shared.length > 0 && w.random.chance(20))
    return {
      sql: `${left.sql} ${kind} ${right.sql} USING (${w.random.some(shared, 30).join(', ')})`,
      sources,
    }
  if (shared.length > 0 && w.random.chance(10))
    return { sql: `${left.sql} NATURAL ${kind} ${right.sql}`, sources }
  const on = equality(w, left.sources, right.sources)
  // FULL JOIN takes no other conditions than those that can be merged or hashed
  const more =
    kind !== 'FULL JOIN' && w.random.chance(40)
      ? ` AND ${condition(w, { ...scope, sources, depth: scope.depth + 2 })}`
      : ''
  return { sql: `${left.sql} ${kind} ${right.sql} ON ${on}${more}`, sources }
}

/** Columns that both sides have exactly once, so that USING is not ambiguous. */
function common(left: readonly Source[], right: readonly Source[]): readonly string[] {
  const once = (sources: readonly Source[], column: Column) =>
    sources
      .flatMap((source) => source.columns)
      .filter(({ name, type }) => name === column.name && type === column.type).length === 1
  const names = (sources: readonly Source[]) => sources.flatMap((source) => source.columns)
  return names(left)
    .filter(
      (column) =>
        once(left, column) &&
        once(right, column) &&
        sameName(names(left), column) === 1 &&
        sameName(names(right), column) === 1,
    )
    .map(({ name }) => name)
}

function sameName(columns: readonly Column[], { name }: Column): number {
  return columns.filter((column) => column.name === name).length
}

function equality(w: Writer, left: readonly Source[], right: readonly Source[]): string {
  const pairs = left.flatMap((a) =>
    a.columns.flatMap((one) =>
      right.flatMap((b) =>
        b.columns
          .filter((other) => other.type === one.type && ['int', 'text', 'date'].includes(one.type))
          .map((other) => `${a.alias}.${one.name} = ${b.alias}.${other.name}`),
      ),
    ),
  )
  return pairs.length === 0 ? 'true' : w.random.pick(pairs)
}

/** One item of a FROM list; `beside` are the sources a LATERAL item may name. */
function item(w: Writer, scope: Scope, beside: readonly Source[]): From {
  const lateral = beside.length > 0
  if (lateral) return w.random.chance(75) ? subquery(w, scope, beside) : rowsOf(w, beside)
  const choice = w.random.below(100)
  if (choice < 66 || scope.depth > 3) return table(w, scope)
  if (choice < 84) return subquery(w, scope, [])
  if (choice < 90) return values(w)
  if (choice < 94) return series(w)
  return parenthesised(w, scope)
}

function table(w: Writer, scope: Scope): From {
  const hidden = new Set(scope.ctes.map(({ name }) => name))
  const known =
    w.random.chance(35) && scope.ctes.length > 0 ? w.random.pick(scope.ctes) : w.random.pick(TABLES)
  const isCte = scope.ctes.includes(known)
  // a common table expression of the table's name hides it: the schema reaches the table behind it
  const qualified = !isCte && (hidden.has(known.name) || w.random.chance(25))
  const name = qualified ? `public.${known.name}` : isCte ? known.name : w.spelled(known.name)
  const only =
    !isCte && w.random.chance(5) && known.name !== 'events'
      ? w.random.pick([`ONLY ${name}`, `ONLY (${name})`, `${name} *`])
      : name
  return aliased(w, known, only, isCte)
}

function aliased(w: Writer, known: Table, sql: string, isCte: boolean): From {
  const alias = w.alias()
  const digits = known.digits ?? []
  if (w.random.chance(8)) {
    const renamed = known.columns.map((column, i) => (i < 3 ? { ...column, name: `${alias}${i}` } : column))
    const names = renamed.slice(0, 3).map(({ name }) => name)
    const kept = digits.filter((name) => renamed.some((column) => column.name === name))
    return {
      sql: `${sql} AS ${alias} (${names.join(', ')})`,
      sources: [{ alias, columns: renamed, digits: kept }],
    }
  }
  const sample =
    !isCte && !/^(open_tasks)$/.test(known.name) && w.random.chance(1) ? ' TABLESAMPLE bernoulli (100)' : ''
  return {
    sql: `${sql} ${w.random.pick(['', 'AS '])}${alias}${sample}`,
    sources: [{ alias, columns: known.columns, digits, isTable: !isCte }],
  }
}

function subquery(w: Writer, scope: Scope, beside: readonly Source[]): From {
  const alias = w.alias()
  const query = w.select({ sources: [], outer: beside, ctes: scope.ctes, depth: scope.depth + 2 })
  return {
    sql: `${beside.length > 0 ? 'LATERAL ' : ''}(${query.sql}) AS ${alias}`,
    sources: [{ alias, columns: query.columns, digits: [] }],
  }
}

function values(w: Writer): From {
  const alias = w.alias()
  const rows = Array.from(
    { length: w.random.between(1, 4) },
    () => `(${w.random.below(12)}, 'task ${w.random.below(9)}')`,
  )
  return {
    sql: `(VALUES ${rows.join(', ')}) AS ${alias} (n, s)`,
    sources: [
      {
        alias,
        columns: [
          { name: 'n', type: 'int' },
          { name: 's', type: 'text' },
        ],
        digits: [],
      },
    ],
  }
}

function series(w: Writer): From {
  const alias = w.alias()
  return {
    sql: `generate_series(1, ${w.random.between(1, 8)}) AS ${alias} (g)`,
    sources: [{ alias, columns: [{ name: 'g', type: 'int' }], digits: [] }],
  }
}

/** The elements of an array of the row beside it. */
function rowsOf(w: Writer, beside: readonly Source[]): From {
  const alias = w.alias()
  const arrays = beside.flatMap((source) =>
    source.columns.filter(({ type }) => type === 'texts').map(({ name }) => `${source.alias}.${name}`),
  )
  const array = arrays.length === 0 ? `ARRAY['x', 'y']` : w.random.pick(arrays)
  return {
    sql: `LATERAL unnest(${array}) AS ${alias} (u)`,
    sources: [{ alias, columns: [{ name: 'u', type: 'text' }], digits: [] }],
  }
}

function parenthesised(w: Writer, scope: Scope): From {
  const deeper = { ...scope, depth: scope.depth + 1 }
  const inner = join(w, deeper, table(w, deeper))
  return { sql: `(${inner.sql})`, sources: inner.sources }
}
