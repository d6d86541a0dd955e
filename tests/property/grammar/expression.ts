import { type Column, NARROW, type Scope, type Source, type Type } from './model.js'
import type { Writer } from './writer.js'

/** The columns of a type that an expression may name here, as they have to be written. */
export function columnsOf(scope: Scope, type: Type): readonly string[] {
  return [...scope.sources, ...scope.outer].flatMap((source) =>
    source.columns.filter((column) => column.type === type).map((column) => `${source.alias}.${column.name}`),
  )
}

/** A column named without its source where that is unambiguous, now and then. */
function reference(w: Writer, scope: Scope, type: Type): string {
  const bare = scope.qualified
    ? []
    : scope.sources.flatMap((source) =>
        source.columns.filter((column) => column.type === type && isOnly(scope, column)),
      )
  if (bare.length > 0 && w.random.chance(35)) return w.random.pick(bare).name
  return w.random.pick(columnsOf(scope, type))
}

function isOnly(scope: Scope, { name }: Column): boolean {
  const named = (source: Source) => source.columns.some((column) => column.name === name)
  return scope.sources.filter(named).length === 1
}

/** An expression of one type; what it does with tenant 7's rows never fails. */
export function expression(w: Writer, scope: Scope, type: Type): string {
  const mayName = columnsOf(scope, type).length > 0
  if (mayName && w.random.chance(scope.depth > 3 ? 85 : 55)) return reference(w, scope, type)
  if (scope.depth > 4 || w.random.chance(20)) return w.literal(type)
  const inner = { ...scope, depth: scope.depth + 1 }
  const of = (wanted: Type) => expression(w, inner, wanted)
  const general: readonly (() => string)[] = [
    () => `coalesce(${of(type)}, ${of(type)})`,
    () => `CASE WHEN ${condition(w, inner)} THEN ${of(type)} ELSE ${of(type)} END`,
    () => w.scalarQuery(inner, type),
    () => `nullif(${of(type)}, ${w.literal(type)})`,
  ]
  const special = SPECIAL[type].map((make) => () => make(w, inner, of))
  return w.random.pick(w.random.chance(60) && special.length > 0 ? special : general)()
}

type Make = (w: Writer, scope: Scope, of: (type: Type) => string) => string

/** Total on tenant 7's rows, though some would fail on another tenant's. */
const SPECIAL: Readonly<Record<Type, readonly Make[]>> = {
  int: [
    (_w, _s, of) => `(${of('int')} + ${of('int')})`,
    (_w, _s, of) => `(${of('int')} - ${of('int')})`,
    (w, _s, of) => `(${of('int')} % ${w.random.between(2, 9)})`,
    (_w, _s, of) => `length(${of('text')})`,
    (_w, _s, of) => `greatest(${of('int')}, ${of('int')})`,
    (_w, _s, of) => `cardinality(${of('texts')})`,
    (w, s) => digitsOf(w, s),
    (w, s) => shy(w, s),
    (w, s) => `(${w.countQuery(s)})::int`,
  ],
  numeric: [
    (_w, _s, of) => `(${of('numeric')} + ${of('int')})`,
    (_w, _s, of) => `round(${of('numeric')}, 1)`,
    (_w, _s, of) => `${of('int')}::numeric`,
    (_w, _s, of) => `abs(${of('numeric')})`,
  ],
  text: [
    (_w, _s, of) => `(${of('text')} || ${of('text')})`,
    (_w, _s, of) => `upper(${of('text')})`,
    (_w, _s, of) => `${of('int')}::text`,
    (w, _s, of) => `left(${of('text')}, ${w.random.between(0, 8)})`,
    (_w, _s, of) => `replace(${of('text')}, 'a', ${of('text')})`,
    (_w, _s, of) => `(${of('jsonb')} ->> 'v')`,
    (w, _s, of) => `(${of('texts')})[${w.random.between(1, 3)}]`,
    (_w, _s, of) => `${of('plan')}::text`,
    (_w, _s, of) => `to_char(${of('date')}, 'YYYY-MM')`,
    (w, s) => wholeRow(w, s),
  ],
  boolean: [(w, s) => `(${condition(w, s)})`, (_w, _s, of) => `(NOT ${of('boolean')})`],
  date: [
    (w, _s, of) => `(${of('date')} + ${w.random.between(0, 40)})`,
    (_w, _s, of) => `date_trunc('month', ${of('date')})::date`,
  ],
  timestamp: [(_w, _s, of) => `(${of('date')} + time '01:00')`],
  jsonb: [
    (_w, _s, of) => `jsonb_build_object('v', ${of('text')}, 'n', ${of('int')})`,
    (_w, _s, of) => `to_jsonb(${of('text')})`,
    (_w, _s, of) => `(${of('jsonb')} || '{"z": 1}')`,
  ],
  texts: [
    (_w, _s, of) => `ARRAY[${of('text')}, ${of('text')}]`,
    (_w, _s, of) => `array_append(${of('texts')}, ${of('text')})`,
    (w, s) => w.arrayQuery(s),
  ],
  plan: [],
  float: [(_w, _s, of) => `(${of('float')} + 0.5)`, (_w, _s, of) => `${of('int')}::float8`],
}

/** A cast that succeeds on every row of tenant 7's and on none of another's. */
function digitsOf(w: Writer, scope: Scope): string {
  const names = [...scope.sources, ...scope.outer].flatMap((source) =>
    source.digits.map((name) => `${source.alias}.${name}`),
  )
  return names.length === 0 ? w.literal('int') : `${w.random.pick(names)}::int`
}

/** A division that fails on one row of another tenant's only. */
function shy(w: Writer, scope: Scope): string {
  const names = columnsOf(scope, 'int')
  return names.length === 0
    ? w.literal('int')
    : `(6 / (coalesce(${w.random.pick(names)}, 1) - ${88770000 + w.random.between(1, 9)}))`
}

/** As cheap as a comparison, so that only a firm pin comes before it; fails on every row of another tenant's. */
function narrow(w: Writer, scope: Scope): string {
  const names = [...scope.sources, ...scope.outer].flatMap((source) =>
    source.columns
      .filter(({ name }) => source.isTable === true && NARROW.includes(name))
      .map(({ name }) => `${source.alias}.${name}`),
  )
  return names.length === 0 ? 'true' : `${w.random.pick(names)}::int2 IS ${w.random.pick(['NOT ', ''])}NULL`
}

function wholeRow(w: Writer, scope: Scope): string {
  return scope.sources.length === 0 ? w.literal('text') : `${w.random.pick(scope.sources).alias}::text`
}

const COMPARABLE: readonly Type[] = [
  'int',
  'int',
  'int',
  'text',
  'text',
  'numeric',
  'date',
  'boolean',
  'plan',
  'timestamp',
  'float',
]

/** A condition over the sources in scope. */
export function condition(w: Writer, scope: Scope): string {
  const inner = { ...scope, depth: scope.depth + 1 }
  const of = (type: Type) => expression(w, inner, type)
  if (scope.depth > 5) return comparison(w, of)
  const forms: readonly (() => string)[] = [
    () => comparison(w, of),
    () => comparison(w, of),
    () => comparison(w, of),
    () => `(${condition(w, inner)} AND ${condition(w, inner)})`,
    () => `(${condition(w, inner)} OR ${condition(w, inner)})`,
    () => `NOT (${condition(w, inner)})`,
    () => `${of(w.random.pick(COMPARABLE))} IS ${w.random.pick(['', 'NOT '])}NULL`,
    () => `${of('text')} LIKE ${w.random.pick([`'task%'`, `'%1'`, `'_%'`, `'project_4'`, `'%a%'`])}`,
    () => `${of('text')} ~ '[0-4]'`,
    () => `${of('int')} IN (${of('int')}, ${w.literal('int')}, ${w.literal('int')})`,
    () => `${of('int')} BETWEEN ${of('int')} AND ${of('int')}`,
    () => `${of('text')} IS DISTINCT FROM ${of('text')}`,
    () => `(${of('int')}, ${of('text')}) ${w.random.pick(['<', '=', '>='])} (${of('int')}, ${of('text')})`,
    () => `${w.random.pick(['', 'NOT '])}EXISTS (${w.rowsQuery(inner)})`,
    () =>
      `${of('int')} ${w.random.pick(['IN', 'NOT IN', '= ANY', '> ALL'])} (${w.columnQuery(inner, 'int')})`,
    () => `${of('text')} ${w.random.pick(['IN', 'NOT IN'])} (${w.columnQuery(inner, 'text')})`,
    () => `${of('text')} = ANY (array_append(${of('texts')}, 'all'))`,
    () => `${of('jsonb')} @> '{"w": 1}'`,
    () => narrow(w, scope),
    () => of('boolean'),
  ]
  return w.random.pick(forms)()
}

function comparison(w: Writer, of: (type: Type) => string): string {
  const type = w.random.pick(COMPARABLE)
  return `${of(type)} ${w.random.pick(['=', '<>', '<', '<=', '>', '>='])} ${of(type)}`
}
