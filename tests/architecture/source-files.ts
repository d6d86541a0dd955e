import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** One import, export-from, dynamic import, import type or require of a file. */
export interface Import {
  readonly specifier: string
  /** For a relative one: the file it names, relative to src. */
  readonly target: string | null
  /** Gone after compiling. */
  readonly typeOnly: boolean
}

/** A TypeScript file below src, parsed. */
export interface SourceFile {
  /** Relative to src, with `/`. */
  readonly path: string
  /** The folder of src it is in, or its own name. */
  readonly layer: string
  readonly text: string
  readonly tree: ts.SourceFile
  readonly imports: readonly Import[]
}

/** Every file of src, parsed once. */
export function sourceFiles(): readonly SourceFile[] {
  return filesBelow('src')
    .filter((path) => path.endsWith('.ts'))
    .map(readSource)
}

/** All files below a folder of the project, relative to it, with `/`. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => path.slice(join(ROOT, folder).length).split(sep).filter(Boolean).join('/'))
    .sort()
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, 'src', path), 'utf8')
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
  return { path, layer: path.split('/')[0] ?? path, text, tree, imports: importsOf(tree) }
}

function importsOf(tree: ts.SourceFile): readonly Import[] {
  const imports: Import[] = []
  visit(tree, (node) => {
    const found = specifierOf(node)
    if (found === null) return
    const target = found.specifier.startsWith('.')
      ? posix.join(posix.dirname(tree.fileName), found.specifier).replace(/\.js$/, '.ts')
      : null
    imports.push({ ...found, target })
  })
  return imports
}

function specifierOf(node: ts.Node): Omit<Import, 'target'> | null {
  if (ts.isImportDeclaration(node))
    return literal(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
  if (ts.isExportDeclaration(node)) return literal(node.moduleSpecifier, node.isTypeOnly)
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? literal(node.argument.literal, true) : null
  if (ts.isCallExpression(node) && /^(import|require|require\.resolve)$/.test(node.expression.getText()))
    return literal(node.arguments[0], false)
  return null
}

function literal(node: ts.Node | undefined, typeOnly: boolean): Omit<Import, 'target'> | null {
  return node !== undefined && ts.isStringLiteral(node) ? { specifier: node.text, typeOnly } : null
}

/** Calls `look` with every node of a tree. */
export function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node)
  ts.forEachChild(node, (child) => visit(child, look))
}
