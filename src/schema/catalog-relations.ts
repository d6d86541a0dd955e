import { TYPE_KINDS } from './catalog-routines.js'
import { type Column, type ForeignKey, type Relation, type RelationKind, relationKey } from './relation.js'

export interface RelationRow {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: string
  readonly extension: string | null
  readonly definition: string | null
  readonly counts: { readonly oid: number; readonly column: string } | null
}

export interface ColumnRow extends Omit<Column, 'typeKind' | 'identity'> {
  readonly oid: number
  readonly typeKind: string
  readonly identity: string
}

export interface KeyRow {
  readonly oid: number
  readonly isPrimary: boolean
  readonly columns: readonly string[]
}

interface ForeignKeyRow {
  readonly oid: number
  readonly name: string
  readonly columns: readonly string[]
  readonly referencesOid: number
  readonly referencedColumns: readonly string[]
  readonly validated: boolean
  readonly deferred: boolean
  readonly cascades: boolean
  readonly resets: boolean
  readonly exact: boolean
}

interface ParentRow {
  readonly oid: number
  readonly parentOid: number
}

export interface RelationParts {
  readonly columns: readonly ColumnRow[]
  readonly uniqueKeys: readonly KeyRow[]
  readonly foreignKeys: readonly ForeignKeyRow[]
  readonly parents: readonly ParentRow[]
}

const KINDS: Readonly<Record<string, RelationKind>> = {
  r: 'table',
  p: 'partitioned table',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
  S: 'sequence',
  c: 'composite type',
}

const IDENTITIES: Readonly<Record<string, Column['identity']>> = { a: 'always', d: 'by default' }

/** Relations by key, their views not yet proven. */
export function buildRelations(
  rows: readonly RelationRow[],
  parts: RelationParts,
): ReadonlyMap<string, Relation> {
  const keys = new Map(rows.map((row) => [row.oid, relationKey(row.schema, row.name)]))
  const columns = byOid(parts.columns)
  const uniqueKeys = byOid(parts.uniqueKeys)
  const foreignKeys = byOid(parts.foreignKeys)
  const parents = byOid(parts.parents)
  const relations = rows.map((row): Relation => {
    const kind = KINDS[row.kind]
    if (kind === undefined) throw new Error(`unknown relation kind ${row.kind}`)
    const unique = uniqueKeys.get(row.oid) ?? []
    const counted = keys.get(row.counts?.oid ?? 0)
    return {
      ...(row.counts === null || counted === undefined
        ? {}
        : { counts: { relation: counted, column: row.counts.column } }),
      oid: row.oid,
      schema: row.schema,
      name: row.name,
      kind,
      extension: row.extension,
      columns: (columns.get(row.oid) ?? []).map(column),
      primaryKey: unique.find((key) => key.isPrimary)?.columns ?? null,
      uniqueKeys: unique.map((key) => key.columns),
      foreignKeys: (foreignKeys.get(row.oid) ?? []).flatMap((key) => foreignKey(key, keys)),
      parents: (parents.get(row.oid) ?? []).flatMap((parent) => keys.get(parent.parentOid) ?? []),
      view: null,
    }
  })
  return new Map(relations.map((relation) => [relationKey(relation.schema, relation.name), relation]))
}

function column({ oid: _, typeKind, identity, ...rest }: ColumnRow): Column {
  const kind = TYPE_KINDS[typeKind]
  if (kind === undefined) throw new Error(`unknown kind of type ${typeKind}`)
  return { ...rest, typeKind: kind, identity: IDENTITIES[identity] ?? null }
}

function foreignKey(
  { oid: _, referencesOid, ...rest }: ForeignKeyRow,
  keys: ReadonlyMap<number, string>,
): readonly ForeignKey[] {
  const references = keys.get(referencesOid)
  return references === undefined ? [] : [{ ...rest, references }]
}

function byOid<Row extends { readonly oid: number }>(
  rows: readonly Row[],
): ReadonlyMap<number, readonly Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.oid)
    if (group === undefined) groups.set(row.oid, [row])
    else group.push(row)
  }
  return groups
}
