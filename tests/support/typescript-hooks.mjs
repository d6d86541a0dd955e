import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Compiled sources by their hash: the compiler itself takes longer to load than everything else together. */
const CACHE = new URL('../../node_modules/.cache/typescript-hooks/', import.meta.url)
const require = createRequire(import.meta.url)

/** Imports name the compiled file; where only its source exists, that is meant. */
export async function resolve(specifier, context, next) {
  if (/^(\.|file:)/.test(specifier) && specifier.endsWith('.js')) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL)
    if (source.protocol === 'file:' && existsSync(source)) return { url: source.href, shortCircuit: true }
  }
  return next(specifier, context)
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
  return { format: 'module', source: compiled(url), shortCircuit: true }
}

function compiled(url) {
  const source = readFileSync(fileURLToPath(url), 'utf8')
  const cached = new URL(
    `${createHash('sha256').update(url).update('\0').update(source).digest('hex')}.mjs`,
    CACHE,
  )
  if (existsSync(cached)) return readFileSync(cached, 'utf8')
  const output = transpiled(url, source)
  mkdirSync(CACHE, { recursive: true })
  const fresh = `${fileURLToPath(cached)}.${process.pid}`
  writeFileSync(fresh, output)
  renameSync(fresh, cached)
  return output
}

function transpiled(url, source) {
  const ts = require('typescript')
  const { outputText } = ts.transpileModule(source, {
    fileName: url,
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: true,
      inlineSourceMap: true,
    },
  })
  return outputText
}
