import { type Relation, relationKey } from '../../schema/relation.js'
import type { Snapshot } from '../../schema/snapshot.js'
import { accessIn, type ProofContext } from './relations.js'
import { fields, guardOf, isFalse, isTree, list, names, node, type Tree } from './shapes.js'

/**
 * Whether a subquery is what a sequence would show if it had counted for one tenant; that it reads that tenant's rows only is
 * proven elsewhere.
 */
export function isSequenceStandIn(original: Tree, scoped: Tree, context: ProofContext): boolean {
  const relation = node(original, 'RangeVar')
  const stand = node(scoped, 'RangeSubselect')
  const query = node(stand?.subquery, 'SelectStmt')
  if (relation === null || stand === null || query === null || fields(stand).length !== 2) return false
  const sequence = sequenceOf(relation, pinnedOid(query.whereClause), context)
  return sequence !== null && isAliased(relation, stand.alias) && isCounter(query, sequence)
}

/** The sequence of an OID, if the name means it. */
function sequenceOf(relation: Tree, oid: number | null, context: ProofContext): Relation | null {
  const found = oid === null ? undefined : sequencesOf(context.snapshot).get(oid)
  if (found === undefined || found.name !== relation.relname) return null
  if (relation.schemaname !== undefined && relation.schemaname !== found.schema) return null
  const access = accessIn(context, { schemaname: found.schema, relname: found.name })
  return access?.kind === 'sequence' ? found : null
}

const SEQUENCES = new WeakMap<Snapshot, ReadonlyMap<number, Relation>>()

/** By OID; collected once, so that a text of many sequences isn't slow in a large database. */
function sequencesOf(snapshot: Snapshot): ReadonlyMap<number, Relation> {
  const known = SEQUENCES.get(snapshot)
  if (known !== undefined) return known
  const sequences = [...snapshot.relations.values()].filter(({ kind }) => kind === 'sequence')
  const byOid = new Map(sequences.map((sequence) => [sequence.oid, sequence]))
  SEQUENCES.set(snapshot, byOid)
  return byOid
}

/** The number in `pg_sequence.seqrelid OPERATOR(pg_catalog.=) number`. */
function pinnedOid(where: unknown): number | null {
  const expression = node(where, 'A_Expr')
  const operator = names(expression?.name)?.join('.')
  const constant = node(expression?.rexpr, 'A_Const')
  const isPinned = operator === 'pg_catalog.=' && isColumn(expression?.lexpr, 'pg_sequence.seqrelid')
  if (!isPinned) return null
  // beyond the range of an int the parser keeps the digits
  const [small, large] = [constant?.ival, constant?.fval]
  return isTree(small) ? Number(small.ival) : isTree(large) ? Number(large.fval) : null
}

function isAliased(relation: Tree, alias: unknown): boolean {
  const written = isTree(relation.alias) ? relation.alias : { aliasname: relation.relname }
  return isTree(alias) && JSON.stringify(alias) === JSON.stringify(written)
}

const OWN = 'own.last'
const START = 'pg_sequence.seqstart'

/** `SELECT last AS last_value, 0 AS log_cnt, called AS is_called FROM pg_catalog.pg_sequence [, own] WHERE …` */
function isCounter(query: Tree, sequence: Relation): boolean {
  const [catalog, own, ...others] = list(query.fromClause)
  const [last, count, called, ...more] = list(query.targetList).map(output)
  const isPlain = others.length + more.length === 0 && fields(query).length === 5 && isCatalog(catalog)
  if (!isPlain || last?.name !== 'last_value' || count?.name !== 'log_cnt' || called?.name !== 'is_called')
    return false
  if (!isZero(count.value)) return false
  if (own === undefined) return isColumn(last.value, START) && isFalse(called.value)
  const [first, second, ...rest] = list(node(last.value, 'CoalesceExpr')?.args)
  const test = node(called.value, 'NullTest')
  const isGreatest = rest.length === 0 && isColumn(first, OWN) && isColumn(second, START)
  const isTested = test?.nulltesttype === 'IS_NOT_NULL' && isColumn(test.arg, OWN)
  return isGreatest && isTested && isGreatestOf(own, sequence)
}

/** `(SELECT pg_catalog.max(orders.id) AS last FROM <orders>) AS own`, of the column that the sequence belongs to. */
function isGreatestOf(item: unknown, { counts }: Relation): boolean {
  const own = node(item, 'RangeSubselect')
  const query = node(own?.subquery, 'SelectStmt') ?? {}
  const [source, ...others] = list(query.fromClause)
  const relation = node(guardOf(source)?.relation ?? source, 'RangeVar')
  const [target, ...more] = list(query.targetList).map(output)
  const call = node(target?.value, 'FuncCall')
  const isMax = names(call?.funcname)?.join('.') === 'pg_catalog.max' && list(call?.args).length === 1
  const isOne = others.length + more.length === 0 && fields(query).length === 4 && isMax
  if (!isOne || own === null || fields(own).length !== 2 || relation === null || target?.name !== 'last')
    return false
  const isIts =
    relation.alias === undefined &&
    relationKey(String(relation.schemaname), String(relation.relname)) === counts?.relation
  return isIts && isColumn(list(call?.args)[0], `${relation.relname}.${counts.column}`)
}

function output(target: unknown): { readonly name: unknown; readonly value: unknown } {
  const struct = node(target, 'ResTarget')
  return { name: struct?.name, value: struct?.val }
}

function isColumn(value: unknown, path: string): boolean {
  return names(node(value, 'ColumnRef')?.fields)?.join('.') === path
}

function isCatalog(item: unknown): boolean {
  const relation = node(item, 'RangeVar')
  const isNamed = relation?.schemaname === 'pg_catalog' && relation.relname === 'pg_sequence'
  return isNamed && relation.alias === undefined
}

/** `0::pg_catalog.int8` */
function isZero(value: unknown): boolean {
  const cast = node(value, 'TypeCast')
  const type = isTree(cast?.typeName) ? names(cast.typeName.names)?.join('.') : null
  const constant = node(cast?.arg, 'A_Const')?.ival
  return type === 'pg_catalog.int8' && isTree(constant) && (constant.ival ?? 0) === 0
}
