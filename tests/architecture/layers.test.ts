import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { ENVIRONMENT_READERS, isAmong, LAYERS, PACKAGES, PURE_MODULES } from './layers.js'
import { type SourceFile, sourceFiles, visit } from './source-files.js'

const files = sourceFiles()
const IMPURE_GLOBALS = new Set(['process', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'console'])

describe('who may import whom', () => {
  test('every folder of src has its row in the table', () => {
    expect([...new Set(files.map((file) => file.layer))].filter((layer) => !(layer in LAYERS))).toEqual([])
  })

  test('the table has no cycle', () => {
    const rows = Object.keys(LAYERS)
    expect(rows.filter((layer) => reaches(layer, layer, (name) => LAYERS[name]?.imports ?? []))).toEqual([])
  })

  test('a folder imports only what its row allows', () => {
    expect(
      offences((file, { target }) => {
        const layer = target?.split('/')[0]
        return layer !== undefined && layer !== file.layer && !LAYERS[file.layer]?.imports.includes(layer)
      }),
    ).toEqual([])
  })

  test('an imported file exists', () => {
    const known = new Set(files.map((file) => file.path))
    expect(offences((_, { target }) => target?.endsWith('.ts') === true && !known.has(target))).toEqual([])
  })

  test('a package is imported only where the table says', () => {
    expect(
      offences((file, { specifier, target }) => {
        if (target !== null || specifier.startsWith('node:')) return false
        return !isAmong(file.path, PACKAGES[specifier] ?? [])
      }),
    ).toEqual([])
  })

  test('the verifier shares no code with the stages that it checks', () => {
    expect(
      offences(
        (file, { target, typeOnly }) =>
          /^sql\/verify(\.ts$|\/)/.test(file.path) &&
          target?.startsWith('sql/') === true &&
          !typeOnly &&
          !/^sql\/(verify(\.ts$|\/)|parser\.ts$)/.test(target),
      ),
    ).toEqual([])
  })

  test('files import each other in no circle', () => {
    const targets = new Map(
      files.map((file) => [
        file.path,
        file.imports.flatMap(({ target, typeOnly }) => (target === null || typeOnly ? [] : [target])),
      ]),
    )
    const circular = files.filter(({ path }) => reaches(path, path, (name) => targets.get(name) ?? []))
    expect(circular.map((file) => file.path)).toEqual([])
  })
})

describe('purity', () => {
  const pure = files.filter((file) => LAYERS[file.layer]?.pure)

  test('pure folders use only modules that compute', () => {
    expect(
      offences(
        (file, { specifier }) =>
          pure.includes(file) &&
          specifier.startsWith('node:') &&
          !isAmong(file.path, PURE_MODULES[specifier] ?? []),
      ),
    ).toEqual([])
  })

  test('pure folders know no process, timer, network or console', () => {
    expect(pure.flatMap((file) => globalsOf(file).map((name) => `${file.path}: ${name}`))).toEqual([])
  })

  test('only the configuration and the entry points read the environment', () => {
    const readers = files.filter((file) => file.text.includes('process.env')).map((file) => file.path)
    expect(readers.filter((path) => !isAmong(path, ENVIRONMENT_READERS))).toEqual([])
  })
})

function offences(
  isOffence: (file: SourceFile, one: SourceFile['imports'][number]) => boolean,
): readonly string[] {
  return files.flatMap((file) =>
    file.imports.filter((one) => isOffence(file, one)).map((one) => `${file.path} imports ${one.specifier}`),
  )
}

function globalsOf(file: SourceFile): readonly string[] {
  const found: string[] = []
  visit(file.tree, (node) => {
    if (ts.isIdentifier(node) && IMPURE_GLOBALS.has(node.text) && !isName(node)) found.push(node.text)
  })
  return found
}

/** Whether an identifier only names a member: `reader.process`, `{ process: 1 }`. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node
  return (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node
}

function reaches(from: string, to: string, next: (name: string) => readonly string[]): boolean {
  const seen = new Set<string>()
  const open = [...next(from)]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === to) return true
    if (seen.has(name)) continue
    seen.add(name)
    open.push(...next(name))
  }
  return false
}
