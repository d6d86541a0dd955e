import { bindEqual, bindFields } from './bind-equal.js'
import { combine, type FromItem, type Level, NOTHING, type Output } from './scope.js'
import type { Select } from './select.js'
import { type Fields, fields, names, node, nodes, text, Unproven } from './tree.js'

/** Brings the items of one FROM into scope, joins and all. */
export class FromClause {
  readonly #select: Select
  readonly #level: Level

  constructor(select: Select, level: Level) {
    this.#select = select
    this.#level = level
  }

  items(clause: unknown): FromItem {
    return nodes(clause).reduce((left, item) => combine(left, this.#item(item, left)), NOTHING)
  }

  #item(
    { kind, fields: item }: { readonly kind: string; readonly fields: Fields },
    siblings: FromItem,
  ): FromItem {
    switch (kind) {
      case 'RangeVar':
        return this.#relation(item)
      case 'RangeSubselect':
        return this.#subquery(item, siblings)
      case 'RangeFunction':
        return this.#function(item, siblings)
      case 'JoinExpr':
        return this.#join(item, siblings)
      default:
        throw new Unproven(kind)
    }
  }

  #relation(range: Fields): FromItem {
    const alias = aliasOf(range, text(range.relname))
    const cte = text(range.schemaname) === '' ? findCte(text(range.relname), this.#level) : undefined
    if (cte !== undefined) return named(this.#select.derive(cte.query, cte.level), alias)
    const key = this.#select.relationKeyOf(range)
    if (key === null) return { ...NOTHING, ranges: [{ alias: alias.name, columns: [], opaque: true }] }
    const relation = this.#select.context.relation(key)
    if (relation === undefined) throw new Unproven('unknown relation')
    const proof = this.#select.context.proof(key)
    const carries =
      proof === null
        ? this.#select.context.rules.tenancy(relation).kind !== 'none'
        : this.#select.carriesTenant(key)
    if (carries && proof !== null && proof.columns.size === 0) throw new Unproven('a view that is not proven')
    if (!carries) {
      return named(
        { outputs: relation.columns.map(({ name }) => ({ name, field: null })), instances: [] },
        alias,
      )
    }
    const instance = this.#select.graph.add()
    const outputs = relation.columns.map(({ name }) => ({
      name,
      field: { instance, relation: key, column: name },
    }))
    return named({ outputs, instances: [instance] }, alias)
  }

  #subquery(range: Fields, siblings: FromItem): FromItem {
    const level = range.lateral === true ? this.#lateral(siblings) : this.#level.outer
    const visible = range.lateral === true ? level : this.#withoutSiblings()
    return named(this.#select.derive(node(range.subquery).fields, visible), aliasOf(range, ''))
  }

  /** Functions may read the siblings' columns, in subqueries of their arguments too. */
  #function(range: Fields, siblings: FromItem): FromItem {
    this.#select.sublinks(range.functions, this.#lateral(siblings))
    return { ...NOTHING, ranges: [{ alias: aliasOf(range, '').name, columns: [], opaque: true }] }
  }

  #lateral(siblings: FromItem): Level {
    return { ...this.#level, from: siblings }
  }

  #withoutSiblings(): Level {
    return { ...this.#level, from: NOTHING }
  }

  #join(join: Fields, siblings: FromItem): FromItem {
    const type = text(join.jointype)
    if (join.alias !== undefined || join.join_using_alias !== undefined) throw new Unproven('alias of a join')
    if (type !== 'JOIN_INNER' && type !== 'JOIN_LEFT' && type !== 'JOIN_RIGHT') throw new Unproven(type)
    const left = this.#item(node(join.larg), siblings)
    const right = this.#item(node(join.rarg), combine(siblings, left))
    const both = combine(left, right)
    const nullable = type === 'JOIN_LEFT' ? right : type === 'JOIN_RIGHT' ? left : null
    const level: Level = { ...this.#level, from: combine(siblings, both) }
    const binding = {
      level,
      context: this.#select.context,
      graph: this.#select.graph,
      bindable: nullable?.instances ?? both.instances,
    }
    bindEqual(join.quals, binding)
    this.#select.sublinks(join.quals, level)
    if (nullable !== null) this.#select.graph.extend(nullable.instances)
    const merged = names(join.usingClause)
    for (const name of merged) bindFields(visible(left, name).field, visible(right, name).field, binding)
    const [kept, dropped] = type === 'JOIN_RIGHT' ? [right, left] : [left, right]
    const rest = dropped.visible.filter((output) => !merged.includes(output.name))
    return { ...both, visible: [...kept.visible, ...rest] }
  }
}

interface AliasNames {
  readonly name: string
  readonly columns: readonly (string | null)[]
}

function aliasOf(range: Fields, fallback: string): AliasNames {
  if (range.alias === undefined) return { name: fallback, columns: [] }
  const alias = fields(range.alias)
  return { name: text(alias.aliasname), columns: names(alias.colnames) }
}

function named(
  derived: { readonly outputs: readonly Output[]; readonly instances: readonly number[] },
  alias: AliasNames,
): FromItem {
  const columns = derived.outputs.map(({ name, field }, place) => ({
    name: alias.columns[place] ?? name,
    field,
  }))
  return {
    ranges: [{ alias: alias.name, columns, opaque: false }],
    visible: columns,
    instances: derived.instances,
  }
}

function findCte(
  name: string,
  level: Level | null,
): { readonly query: Fields; readonly level: Level } | undefined {
  return level === null ? undefined : (level.ctes.get(name) ?? findCte(name, level.outer))
}

/** A side of USING shows the name once, or the definition isn't covered. */
function visible(side: FromItem, name: string | null): Output {
  const [output, ...more] = side.visible.filter((candidate) => candidate.name === name)
  if (output === undefined || more.length > 0) throw new Unproven('USING')
  return output
}
