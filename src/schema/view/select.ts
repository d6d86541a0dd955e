import { relationKey } from '../relation.js'
import { anchorLevel } from './barriers.js'
import { bindEqual } from './bind-equal.js'
import { FromClause } from './from-clause.js'
import type { ProofContext } from './prove.js'
import { type Field, fieldOf, type Level, type Output } from './scope.js'
import type { TenancyGraph } from './tenancy-graph.js'
import { type Fields, fields, names, node, nodes, text, Unproven, walk } from './tree.js'

/** What a query shows, and the instances with a tenant that it is made of. */
export interface Derived {
  readonly outputs: readonly Output[]
  readonly instances: readonly number[]
}

/** Follows the tenants through one view's query, at every depth, into the graph. */
export class Select {
  readonly context: ProofContext
  readonly graph: TenancyGraph

  constructor(context: ProofContext, graph: TenancyGraph) {
    this.context = context
    this.graph = graph
  }

  derive(query: Fields, outer: Level | null): Derived {
    const operation = text(query.op)
    const scope = this.#withClause(query, outer)
    if (operation !== 'SETOP_NONE') return this.#union(query, scope)
    if (query.valuesLists !== undefined) return { outputs: [], instances: [] }
    const from = new FromClause(this, scope).items(query.fromClause)
    const level: Level = { ...scope, from }
    bindEqual(query.whereClause, {
      level,
      context: this.context,
      graph: this.graph,
      bindable: from.instances,
    })
    this.#sublinks([query.targetList, query.whereClause, query.groupClause, query.havingClause], level)
    this.#sublinks([query.sortClause, query.distinctClause, query.windowClause], level)
    const outputs = targets(query, level)
    anchorLevel(query, { level, outputs, select: this })
    return { outputs, instances: from.instances }
  }

  /** Subqueries in expressions; they must be confined to the level they stand in, since nothing outside can filter them. */
  #sublinks(expressions: unknown, level: Level): void {
    walk(expressions, ({ kind, fields: link }) => {
      if (kind !== 'SubLink') return kind !== 'SelectStmt'
      this.#sublinks(link.testexpr, level)
      this.derive(node(link.subselect).fields, level)
      return false
    })
  }

  /** Also for conditions of joins. */
  sublinks(expression: unknown, level: Level): void {
    this.#sublinks(expression, level)
  }

  #withClause(query: Fields, outer: Level | null): Level {
    const from = { ranges: [], visible: [], instances: [] }
    let level: Level = { outer, ctes: new Map(), from }
    if (query.withClause === undefined) return level
    const clause = fields(query.withClause)
    if (clause.recursive === true) throw new Unproven('WITH RECURSIVE')
    for (const { fields: cte } of nodes(clause.ctes)) {
      const definition = { query: node(cte.ctequery).fields, level }
      level = { outer, from, ctes: new Map([...level.ctes, [text(cte.ctename), definition]]) }
    }
    return level
  }

  /** A column that is a tenant column in both arms is the union's: each arm's rows carry it. */
  #union(query: Fields, level: Level): Derived {
    if (query.op !== 'SETOP_UNION') throw new Unproven(text(query.op))
    const left = this.derive(fields(query.larg), level)
    const right = this.derive(fields(query.rarg), level)
    const outputs = this.#merge(left, right)
    const shown = outputs.flatMap(({ field }) => (field === null ? [] : [field.instance]))
    const instances = [...left.instances, ...right.instances, ...shown]
    const whole: Level = { ...level, from: { ranges: [], visible: outputs, instances } }
    anchorLevel(query.all === true ? query : { ...query, distinctClause: [{}] }, {
      level: whole,
      outputs,
      select: this,
    })
    return { outputs, instances }
  }

  #merge(left: Derived, right: Derived): readonly Output[] {
    let merged = false
    return left.outputs.map(({ name, field }, place) => {
      const other = right.outputs[place]?.field ?? null
      if (merged || !this.isTenant(field) || !this.isTenant(other)) return { name, field: null }
      merged = true
      const instance = this.graph.add()
      this.graph.bind(field.instance, instance)
      this.graph.bind(other.instance, instance)
      if (this.graph.isNullable(field.instance) || this.graph.isNullable(other.instance))
        this.graph.extend([instance])
      return { name, field: { ...field, instance } }
    })
  }

  isTenant(field: Field | null): field is Field {
    if (field === null) return false
    const proof = this.context.proof(field.relation)
    if (proof !== null) return proof.columns.has(field.column)
    const relation = this.context.relation(field.relation)
    if (relation === undefined) return false
    const tenancy = this.context.rules.tenancy(relation)
    return tenancy.kind === 'tenant' && tenancy.column === field.column
  }

  /** Whether any relation that a view reads, at any depth, carries a tenant. */
  carriesTenant(view: string): boolean {
    return (this.context.proof(view)?.reads ?? []).some((key) => {
      const relation = this.context.proof(key) === null ? this.context.relation(key) : undefined
      return relation !== undefined && this.context.rules.tenancy(relation).kind !== 'none'
    })
  }

  /** The relation that a FROM entry names; null for system relations. */
  relationKeyOf(range: Fields): string | null {
    const schema = text(range.schemaname)
    return schema === '' || schema === 'pg_catalog' || schema === 'information_schema'
      ? null
      : relationKey(schema, text(range.relname))
  }
}

function targets(query: Fields, level: Level): readonly Output[] {
  return nodes(query.targetList).map(({ fields: target }) => ({
    name: text(target.name) || columnName(target.val),
    field: fieldOf(target.val, level),
  }))
}

function columnName(expression: unknown): string {
  const { kind, fields: column } = node(expression)
  return kind === 'ColumnRef' ? (names(column.fields).at(-1) ?? '') : ''
}
