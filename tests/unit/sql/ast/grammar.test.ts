import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ADMITTED_FIELDS } from '../../../../src/sql/ast/admitted-fields.js'
import { DISPOSITIONS } from '../../../../src/sql/ast/dispositions.js'
import { GRAMMAR } from '../../../../src/sql/ast/grammar.generated.js'
import { FIELDS, type FieldType } from '../../../../src/sql/ast/grammar.js'
import { eachChild, type Struct, untag } from '../../../../src/sql/ast/walk.js'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))

describe('the grammar', () => {
  test("is what the parser's own types say", () => {
    const folder = mkdtempSync(join(tmpdir(), 'grammar-'))
    try {
      for (const path of ['scripts', 'src/sql/ast']) mkdirSync(join(folder, path), { recursive: true })
      const script = join(folder, 'scripts/generate-grammar.mjs')
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
      symlinkSync(join(ROOT, 'scripts/generate-grammar.mjs'), script)
      execFileSync(process.execPath, ['--preserve-symlinks', '--preserve-symlinks-main', script])
      const generated = 'src/sql/ast/grammar.generated.ts'
      expect(readFileSync(join(folder, generated), 'utf8')).toBe(readFileSync(join(ROOT, generated), 'utf8'))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('refers only to kinds it has', () => {
    const types = Object.values(GRAMMAR).flatMap((fields) => Object.values(fields) as FieldType[])
    const structs = types.filter((type) => type.startsWith('@')).map((type) => type.slice(1))
    expect(structs.filter((kind) => !FIELDS.has(kind))).toEqual([])
  })

  test('and the dispositions know the same kinds', () => {
    expect(Object.keys(DISPOSITIONS).sort()).toEqual(Object.keys(GRAMMAR).sort())
  })
})

/** What only the trees of a later stage have, and the forms that are refused by name. */
const LATER: Readonly<Record<string, string>> = {
  CTECycleClause: 'cycle_mark_type cycle_mark_typmod cycle_mark_collation cycle_mark_neop',
  CaseExpr: 'casetype casecollid',
  CoalesceExpr: 'coalescetype coalescecollid',
  ColumnDef:
    'inhcount is_not_null is_from_type storage raw_default cooked_default identity identitySequence generated collOid fdwoptions',
  CommonTableExpr: 'cterecursive cterefcount ctecolnames ctecoltypes ctecoltypmods ctecolcollations',
  Constraint:
    'cooked_expr exclusions indexname reset_default_tblspc access_method pktable fk_attrs pk_attrs fk_with_period pk_with_period fk_matchtype fk_upd_action fk_del_action fk_del_set_cols old_conpfeqop old_pktable_oid',
  CreateStmt: 'inhRelations partbound partspec ofTypename options tablespacename accessMethod',
  CurrentOfExpr: 'cvarno',
  DropStmt: 'concurrent',
  GroupingFunc: 'refs agglevelsup',
  IntoClause: 'accessMethod options tableSpaceName viewQuery',
  JoinExpr: 'rtindex',
  JsonBehavior: 'coerce',
  JsonFuncExpr: 'column_name',
  JsonValueExpr: 'formatted_expr',
  MergeSupportFunc: 'msfcollid',
  MinMaxExpr: 'minmaxtype minmaxcollid inputcollid',
  NullTest: 'argisrow',
  RowExpr: 'row_typeid colnames',
  SQLValueFunction: 'type',
  SetToDefault: 'typeId typeMod collation',
  SubLink: 'subLinkId',
  TableLikeClause: 'relationOid',
  TypeName: 'typeOid',
  XmlExpr: 'type typmod',
}

test('each field of each admitted kind is admitted, or is known not to occur', () => {
  const known = Object.entries(ADMITTED_FIELDS).map(([kind, admitted]) => [
    kind,
    [admitted, LATER[kind] ?? ''].flatMap((list) => list.split(' ').filter(Boolean)).sort(),
  ])
  const existing = Object.entries(GRAMMAR).filter(([kind]) => kind in ADMITTED_FIELDS)
  expect(Object.fromEntries(known)).toEqual(
    Object.fromEntries(
      existing.map(([kind, fields]) => [
        kind,
        Object.keys(fields)
          .filter((field) => field !== 'xpr')
          .sort(),
      ]),
    ),
  )
})

describe('untag', () => {
  test('gives the kind and the fields, and null for an absent node', () => {
    expect(untag({ SelectStmt: { op: 'SETOP_NONE' } })).toEqual({
      kind: 'SelectStmt',
      struct: { op: 'SETOP_NONE' },
    })
    expect(untag({})).toBeNull()
  })

  test.each([['NoSuchNode'], ['constructor'], ['__proto__'], ['toString']])('refuses the kind %s', (kind) => {
    expect(() => untag(JSON.parse(`{"${kind}":{}}`))).toThrow('not available')
  })
})

describe('eachChild', () => {
  function children(kind: Parameters<typeof eachChild>[0], struct: Struct): readonly string[] {
    const found: string[] = []
    eachChild(kind, struct, (child, _value, field) => found.push(`${field} ${child}`))
    return found
  }

  test('visits tagged children, lists of them and untagged ones', () => {
    const found = children('UpdateStmt', {
      relation: { relname: 'a' },
      targetList: [{ ResTarget: {} }, { ResTarget: {} }],
      whereClause: { A_Const: {} },
      returningClause: { exprs: [] },
    })
    expect(found).toEqual([
      'relation RangeVar',
      'targetList ResTarget',
      'targetList ResTarget',
      'whereClause A_Const',
      'returningClause ReturningClause',
    ])
  })

  test('passes over absent items of a list', () => {
    expect(children('List', { items: [{}, { A_Star: {} }] })).toEqual(['items A_Star'])
  })

  test.each<[string, Parameters<typeof eachChild>[0], Struct]>([
    ['a field that the table does not know', 'SelectStmt', { newClause: [] }],
    ['a field that only a later stage gives a value', 'SubLink', { subLinkId: 1 }],
    ['a node in the place of a scalar', 'RangeVar', { relname: { SelectStmt: {} } }],
    ['a field named like a method of objects', 'SelectStmt', { constructor: [] }],
    ['a list of a kind that the table does not know', 'SelectStmt', { targetList: [{ NewNode: {} }] }],
  ])('refuses %s', (_title, kind, struct) => {
    expect(() => children(kind, struct)).toThrow('not available')
  })
})
