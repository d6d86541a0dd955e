import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
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
    ['a node in the place of a scalar', 'RangeVar', { relname: { SelectStmt: {} } }],
    ['a field named like a method of objects', 'SelectStmt', { constructor: [] }],
    ['a list of a kind that the table does not know', 'SelectStmt', { targetList: [{ NewNode: {} }] }],
  ])('refuses %s', (_title, kind, struct) => {
    expect(() => children(kind, struct)).toThrow('not available')
  })
})
