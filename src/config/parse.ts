import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type Scalar, visit } from 'yaml'
import type { z } from 'zod'
import { ConfigurationError, type ConfigurationProblem } from './configuration-error.js'
import { type Configuration, ConfigurationSchema, URL_KEYS } from './schema.js'
import { tokenConflicts } from './token-conflicts.js'

export interface Source {
  /** For messages only. */
  readonly file: string
  readonly text: string
  /** Where `${NAME}` is looked up. */
  readonly variables: Readonly<Record<string, string | undefined>>
}

type Path = readonly PropertyKey[]

/**
 * Reads a configuration text.
 *
 * Throws   ConfigurationError with every problem, each with its key's path and line
 */
export function parseConfiguration(source: Source): Configuration {
  const lines = new LineCounter()
  const document = parseDocument(source.text, { lineCounter: lines })
  const syntax = document.errors.map((error) => ({
    path: '',
    message: error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? error.code,
    line: lines.linePos(error.pos[0]).line,
  }))
  if (syntax.length > 0) throw new ConfigurationError(source.file, syntax)
  const missing = substitute(document, source.variables, lines)
  const result = ConfigurationSchema.safeParse(document.toJS() ?? {})
  const lineOf = (path: Path) => findLine(document, path, lines)
  const isReported = (path: string) => missing.some((problem) => problem.path === path)
  const invalid = result.success ? [] : result.error.issues.flatMap((issue) => problems(issue, lineOf))
  const all = [
    ...missing,
    ...invalid.filter(({ path }) => !isReported(path)),
    ...conflicts(result.data, lineOf),
  ]
  if (all.length > 0 || !result.success) throw new ConfigurationError(source.file, all)
  return result.data
}

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/** Puts in the variables; gives the missing ones. A value without quotes keeps its type: `${PORT}` may be a number. */
function substitute(
  document: Document,
  variables: Source['variables'],
  lines: LineCounter,
): readonly ConfigurationProblem[] {
  const missing: ConfigurationProblem[] = []
  visit(document, {
    Scalar(place, scalar, ancestors) {
      if (place === 'key' || typeof scalar.value !== 'string') return
      const path = pathOf(ancestors, scalar)
      scalar.value = typed(scalar, scalar.value, (whole, name) => {
        const value = variables[name]
        if (value === undefined) {
          const line = lines.linePos(scalar.range?.[0] ?? 0).line
          missing.push({ path, message: `the environment has no variable ${name}`, line })
          return ''
        }
        return URL_KEYS.has(path) && whole !== scalar.value ? encodeURIComponent(value) : value
      })
    },
  })
  return missing
}

function typed(scalar: Scalar, text: string, replace: (whole: string, name: string) => string): unknown {
  const replaced = text.replaceAll(VARIABLE, replace)
  if (replaced === text || scalar.type !== 'PLAIN') return replaced
  if (/^-?\d+(\.\d+)?$/.test(replaced)) return Number(replaced)
  return replaced === 'true' ? true : replaced === 'false' ? false : replaced
}

function pathOf(ancestors: readonly unknown[], scalar: Scalar): string {
  const keys: string[] = []
  for (const ancestor of ancestors) {
    if (typeof ancestor === 'object' && ancestor !== null && 'key' in ancestor && isScalar(ancestor.key))
      keys.push(String(ancestor.key.value))
  }
  return keys.length === 0 ? String(scalar.value) : keys.join('.')
}

function problems(
  issue: z.core.$ZodIssue,
  lineOf: (path: Path) => number | null,
): readonly ConfigurationProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => {
      const path = [...issue.path, name]
      return { path: path.join('.'), message: 'unknown key', line: lineOf(path) }
    })
  }
  const nested = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined
  return [{ path: issue.path.join('.'), message: nested ?? issue.message, line: lineOf(issue.path) }]
}

/** The line of a key, or of the nearest one around it that the file has. */
function findLine(document: Document, path: Path, lines: LineCounter): number | null {
  let node: unknown = document.contents
  let offset = isNode(node) ? node.range?.[0] : undefined
  for (const step of path) {
    const pair = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : null
    const next: unknown = pair?.value ?? document.getIn([...path.slice(0, path.indexOf(step) + 1)], true)
    const anchor: unknown = pair?.key ?? next
    if (!isNode(anchor)) break
    offset = anchor.range?.[0] ?? offset
    node = next
  }
  return offset === undefined ? null : lines.linePos(offset).line
}

/** What types alone can't say. */
function conflicts(
  configuration: Configuration | undefined,
  lineOf: (path: Path) => number | null,
): readonly ConfigurationProblem[] {
  if (configuration === undefined) return []
  const { workers, upstream, listen } = configuration
  const { tls } = listen
  const needed = tls.mode === 'disable' ? [] : (['cert', 'key'] as const).filter((name) => tls[name] === null)
  const missing = needed.map((name) => ({
    path: `listen.tls.${name}`,
    message: `expected a PEM file, since listen.tls.mode is ${tls.mode}`,
    line: lineOf(['listen', 'tls', 'mode']),
  }))
  const tokens = tokenConflicts(configuration).map((problem) => ({
    ...problem,
    line: lineOf(problem.path.split('.')),
  }))
  const scarce = {
    path: 'upstream.pool.max',
    message: `expected ${workers} at least, one for each of the workers`,
    line: lineOf(['upstream', 'pool', 'max']),
  }
  const tooFew = upstream.pool.max < workers ? [scarce] : []
  return [...missing, ...tooFew, ...tokens]
}
