import type { Random } from '../random.js'
import { condition, expression } from './expression.js'
import { from } from './from.js'
import type { Scope, Type } from './model.js'
import { type Query, select } from './select.js'

const TYPE_NAMES: Readonly<Record<Type, string>> = {
  int: 'int',
  numeric: 'numeric',
  text: 'text',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  jsonb: 'jsonb',
  texts: 'text[]',
  plan: 'plan',
  float: 'float8',
}

/** What one statement's parts share: choices, names already taken, parameters, and how much may still be written. */
export class Writer {
  readonly random: Random
  readonly parameters: string[] = []
  readonly #withParameters: boolean
  #aliases = 0
  #columns = 0
  #queries = 0

  constructor(random: Random, withParameters: boolean) {
    this.random = random
    this.#withParameters = withParameters
  }

  /** Queries that may still be nested: what is written must end. */
  budget(): number {
    return 9 - this.#queries
  }

  alias(): string {
    this.#aliases += 1
    return `${this.random.pick(['a', 'b', 't', 'x', 'q'])}${this.#aliases}`
  }

  /** A number that no row of the world has, the first of three. */
  fresh(): number {
    return 1000 + this.random.below(500) * 10
  }

  columnName(): string {
    this.#columns += 1
    return this.random.pick([
      `c${this.#columns}`,
      `c${this.#columns}`,
      `"C ${this.#columns}"`,
      `"é${this.#columns}"`,
    ])
  }

  /** The same name as somebody else might write it. */
  spelled(name: string): string {
    const choice = this.random.below(20)
    if (choice === 0) return `"${name}"`
    if (choice === 1) return name.toUpperCase()
    return choice === 2 ? `public . ${name}` : name
  }

  literal(type: Type): string {
    const value = this.#value(type)
    if (!this.#withParameters || this.parameters.length > 8 || this.random.chance(60))
      return `'${value}'::${TYPE_NAMES[type]}`
    this.parameters.push(value)
    return `$${this.parameters.length}::${TYPE_NAMES[type]}`
  }

  select(scope: Scope, types?: readonly Type[]): Query {
    this.#queries += 1
    return select(this, scope, types)
  }

  /** One value: an aggregate, or the first row of an order without ties. */
  scalarQuery(scope: Scope, type: Type): string {
    const { sql, inside } = this.#from(scope)
    if (type === 'int' && this.random.chance(50))
      return `(SELECT max(${expression(this, { ...inside, outer: [] }, 'int')}) FROM ${sql}${this.#where(inside)})`
    return `(SELECT ${expression(this, inside, type)} FROM ${sql}${this.#where(inside)} ORDER BY 1 LIMIT 1)`
  }

  countQuery(scope: Scope): string {
    const { sql, inside } = this.#from(scope)
    return `SELECT count(*) FROM ${sql}${this.#where(inside)}`
  }

  arrayQuery(scope: Scope): string {
    return `ARRAY(${this.columnQuery(scope, 'text')} ORDER BY 1)`
  }

  columnQuery(scope: Scope, type: Type): string {
    const { sql, inside } = this.#from(scope)
    return `SELECT ${expression(this, inside, type)} FROM ${sql}${this.#where(inside)}`
  }

  rowsQuery(scope: Scope): string {
    const { sql, inside } = this.#from(scope)
    return `SELECT ${this.random.pick(['', '1', '*'])} FROM ${sql}${this.#where(inside)}`
  }

  #from(scope: Scope) {
    this.#queries += 1
    const around = [...scope.sources, ...scope.outer]
    const { sql, sources } = from(this, {
      sources: [],
      outer: [],
      ctes: scope.ctes,
      depth: Math.max(scope.depth, this.budget() > 0 ? 0 : 4) + 2,
    })
    return { sql, inside: { ...scope, sources, outer: around, depth: scope.depth + 2 } }
  }

  #where(inside: Scope): string {
    if (!this.random.chance(50)) return ''
    const outer = inside.outer.flatMap((source) =>
      source.columns.filter(({ type }) => type === 'int').map(({ name }) => `${source.alias}.${name}`),
    )
    const inner = inside.sources.flatMap((source) =>
      source.columns.filter(({ type }) => type === 'int').map(({ name }) => `${source.alias}.${name}`),
    )
    if (outer.length > 0 && inner.length > 0 && this.random.chance(60))
      return ` WHERE ${this.random.pick(inner)} = ${this.random.pick(outer)}`
    return ` WHERE ${condition(this, { ...inside, depth: inside.depth + 1 })}`
  }

  #value(type: Type): string {
    const { random } = this
    switch (type) {
      case 'int':
        return String(random.pick([0, 1, 2, 3, 4, 5, 7, 10, 17, 27, -1]))
      case 'numeric':
        return random.pick(['0.5', '100.25', '3', '-7.75', '50.5'])
      case 'text':
        return random.pick(['task 1', 'project 3', 'x1', '7', 'a', '', 'é', '%', 'kind 2', '8'])
      case 'boolean':
        return random.pick(['true', 'false'])
      case 'date':
        return random.pick(['2024-02-01', '2024-05-05', '2025-01-01', '2024-12-31'])
      case 'timestamp':
        return random.pick(['2024-02-11 10:30:00', '2024-06-01 00:00:00'])
      case 'jsonb':
        return random.pick(['{"v": "1"}', '[1, 2]', 'null', '{"w": 1, "v": "2"}'])
      case 'texts':
        return random.pick(['{}', '{x1,all}', '{a,NULL}'])
      case 'plan':
        return random.pick(['free', 'team', 'enterprise'])
      case 'float':
        return random.pick(['0.5', '2', '-1.5'])
    }
  }
}
