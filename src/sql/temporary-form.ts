import type { CreateTableAsStmt, DropStmt, RangeVar } from '@pgsql/types'
import type { NodeKind } from './ast/grammar.js'
import { type Struct, untag } from './ast/walk.js'
import { strings } from './resolve/outputs.js'
import { TEMPORARY_SCHEMA } from './search-path.js'

/** What a temporary table may not have: rows that are others' as well, other storage, other tables behind it. */
const REFUSED_PARTS: ReadonlyMap<string, string> = new Map([
  ['inhRelations', 'CREATE TABLE … INHERITS'],
  ['partbound', 'CREATE TABLE … PARTITION OF'],
  ['partspec', 'CREATE TABLE … PARTITION BY'],
  ['ofTypename', 'CREATE TABLE … OF'],
  ['options', 'CREATE TABLE … WITH'],
  ['tablespacename', 'CREATE TABLE … TABLESPACE'],
  ['tableSpaceName', 'CREATE TABLE … TABLESPACE'],
  ['accessMethod', 'CREATE TABLE … USING'],
])

/** The name of a form of CREATE and DROP that is refused; null where it is about temporary tables alone. */
export function refusedTableForm(kind: NodeKind, struct: Struct): string | null {
  switch (kind) {
    case 'CreateStmt':
      return refusedTarget(struct.relation as RangeVar | undefined, 'CREATE TABLE') ?? refusedPart(struct)
    case 'CreateTableAsStmt':
      return (struct as CreateTableAsStmt).objtype === 'OBJECT_TABLE' ? null : 'CREATE MATERIALIZED VIEW'
    case 'IntoClause':
      return (
        refusedTarget(struct.rel as RangeVar | undefined, 'SELECT INTO or CREATE TABLE AS') ??
        refusedPart(struct)
      )
    case 'DropStmt':
      return refusedDrop(struct as DropStmt)
    default:
      return null
  }
}

/** `t` stands for TEMPORARY in the tree. */
function refusedTarget(relation: RangeVar | undefined, statement: string): string | null {
  const { schemaname, relpersistence, catalogname } = relation ?? {}
  const isOwn = schemaname === undefined || schemaname === TEMPORARY_SCHEMA
  return relpersistence === 't' && isOwn && catalogname === undefined ? null : statement
}

function refusedPart(struct: Struct): string | null {
  for (const [field, name] of REFUSED_PARTS) if (struct[field] !== undefined) return name
  return null
}

function refusedDrop({ objects, removeType }: DropStmt): string | null {
  const arePlain = (objects ?? []).every((object) => {
    const list = untag(object)
    const parts = list?.kind === 'List' ? strings(list.struct.items as never) : []
    return parts.length === 1 || (parts.length === 2 && parts[0] === TEMPORARY_SCHEMA)
  })
  return removeType === 'OBJECT_TABLE' && arePlain ? null : 'DROP'
}
