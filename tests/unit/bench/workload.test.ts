import { describe, expect, test } from 'vitest'
import { cellName, cellsOf, scopedScript, scriptOf, WORKLOADS } from '../../../src/bench/workload.js'

const READ = "\\set aid random(1, 9)\nSELECT a FROM t WHERE {tenant_id = 'acme' AND} aid = :aid;\n"
const WRITE = "BEGIN;\nINSERT INTO t ({tenant_id,} aid) VALUES ({'acme',} 1);\nCOMMIT;\n"

describe('scopedScript', () => {
  test('keeps the predicate that the application writes itself', () => {
    expect(scopedScript(READ, 'application')).toContain("WHERE tenant_id = 'acme' AND aid = :aid")
    expect(scopedScript(WRITE, 'application')).toContain("INSERT INTO t (tenant_id, aid) VALUES ('acme', 1)")
  })

  test('leaves nothing of the tenant where the gateway scopes', () => {
    expect(scopedScript(READ, 'gateway')).toBe('\\set aid random(1, 9)\nSELECT a FROM t WHERE aid = :aid;\n')
    expect(scopedScript(WRITE, 'gateway')).toBe('BEGIN;\nINSERT INTO t (aid) VALUES (1);\nCOMMIT;\n')
  })

  test('sets the tenant in the transaction where a policy scopes', () => {
    const set = "SELECT set_config('app.tenant', 'acme', true);"
    expect(scopedScript(READ, 'setting')).toBe(
      `\\set aid random(1, 9)\nBEGIN;\n${set}\nSELECT a FROM t WHERE aid = :aid;\nCOMMIT;\n`,
    )
    expect(scopedScript(WRITE, 'setting')).toBe(`BEGIN;\n${set}\nINSERT INTO t (aid) VALUES (1);\nCOMMIT;\n`)
  })

  test('removes a condition together with its WHERE', () => {
    expect(scopedScript("SELECT a FROM t {WHERE tenant_id = 'acme'};\n", 'gateway')).toBe(
      'SELECT a FROM t;\n',
    )
  })
})

test.each(WORKLOADS.map((workload) => [workload.name, workload] as const))(
  'the script of %s names the tenant for the application only',
  async (_, workload) => {
    expect(await scriptOf(workload, 'application')).toMatch(/acme|tenant_id/)
    const script = await scriptOf(workload, 'gateway')
    expect(script).not.toMatch(/acme|tenant|[{}]| {2}|\( /)
  },
)

describe('cellsOf', () => {
  test('gives every cell a name of its own', () => {
    const names = cellsOf().map(cellName)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('point-read/prepared/16')
  })

  test('chooses by the name, or a part of it', () => {
    expect(cellsOf('point-read/simple').map(cellName)).toEqual([
      'point-read/simple/1',
      'point-read/simple/16',
    ])
    expect(cellsOf('point-read/simple/1').map(cellName)).toEqual(['point-read/simple/1'])
    expect(cellsOf('nothing')).toEqual([])
  })
})
