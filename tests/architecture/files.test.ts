import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { filesBelow, ROOT, sourceFiles, visit } from './source-files.js'

const MAX_LINES = 300
const MEDIAN_LINES = 80
const MEANINGLESS = /^(utils?|helpers?|manager|misc|common|shared)\./
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|generated|config|bench))?\.(ts|mjs)$/

const code = ['src', 'tests', 'scripts']
  .flatMap((folder) => filesBelow(folder).map((path) => `${folder}/${path}`))
  .filter((path) => /\.(ts|mjs)$/.test(path))

describe('files', () => {
  test(`have at most ${MAX_LINES} lines, generated ones excepted`, () => {
    const long = written().filter((path) => linesOf(path) > MAX_LINES)
    expect(long.map((path) => `${path}: ${linesOf(path)}`)).toEqual([])
  })

  test(`of src have at most ${MEDIAN_LINES} lines in the median`, () => {
    const lines = written()
      .filter((path) => path.startsWith('src/'))
      .map(linesOf)
      .sort((a, b) => a - b)
    expect(lines[Math.floor(lines.length / 2)]).toBeLessThanOrEqual(MEDIAN_LINES)
  })

  test('are named after one thing, in kebab-case', () => {
    const names = code.filter((path) => !KEBAB_CASE.test(basename(path)) || MEANINGLESS.test(basename(path)))
    expect(names).toEqual([])
  })

  test('of src export by name only', () => {
    const defaults = sourceFiles().filter((file) => {
      let found = false
      visit(file.tree, (node) => {
        found ||=
          ts.isExportAssignment(node) ||
          (node.kind === ts.SyntaxKind.DefaultKeyword && ts.canHaveModifiers(node.parent))
      })
      return found
    })
    expect(defaults.map((file) => file.path)).toEqual([])
  })

  test('of tests/unit mirror src', () => {
    const folders = new Set(filesBelow('src').map((path) => path.split('/')[0] ?? ''))
    const strangers = filesBelow('tests/unit')
      .map((path) => (path.split('/')[0] ?? '').replace(/\.test\.ts$/, '.ts'))
      .filter((name) => !folders.has(name) && name !== 'support' && name !== 'scripts')
    expect([...new Set(strangers)]).toEqual([])
  })
})

function written(): readonly string[] {
  return code.filter((path) => !path.includes('.generated.'))
}

function linesOf(path: string): number {
  return readFileSync(join(ROOT, path), 'utf8').trimEnd().split('\n').length
}
