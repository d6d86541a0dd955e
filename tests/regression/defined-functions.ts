import { lexeme } from './lexeme.js'

const NAME = '("[^"]+"|\\w+)'
const SCHEMA = new RegExp(`\\bcreate\\s+schema\\s+(?:if\\s+not\\s+exists\\s+)?(?!authorization)${NAME}`, 'gi')
const FUNCTION = new RegExp(
  `\\bcreate\\s+(?:or\\s+replace\\s+)?(?:function|aggregate)\\s+(?:(?:"[^"]+"|\\w+)\\.)?${NAME}\\s*\\(`,
  'gi',
)
const RANGE = new RegExp(`\\bcreate\\s+type\\s+${NAME}\\s+as\\s+range\\b`, 'gi')
const MULTIRANGE = new RegExp(`\\bmultirange_type_name\\s*=\\s*${NAME}`, 'gi')

/**
 * The functions that scripts define, as the policy allows them: in every schema that the scripts make.
 *
 * Functions that run SQL given as text are left out: ISOLATION §4 refuses such functions without exception.
 */
export function definedFunctions(script: string): readonly string[] {
  const schemas = new Set(['public', ...namesOf(script, SCHEMA)])
  const names = new Set(namesOf(script, MULTIRANGE))
  for (const range of namesOf(script, RANGE)) {
    // a range's constructors bear its name, and that of its multirange
    names.add(range)
    names.add(range.includes('range') ? range.replace('range', 'multirange') : `${range}_multirange`)
  }
  const runningText = new Set<string>()
  for (const match of script.matchAll(FUNCTION)) {
    const name = spelt(match[1] ?? '')
    names.add(name)
    if (/\bexecute\b(?!\s+(?:function|procedure)\b)/i.test(statementAt(script, match.index)))
      runningText.add(name)
  }
  const allowed = [...names].filter((name) => !runningText.has(name))
  return [...schemas].flatMap((schema) => allowed.map((name) => `${quoted(schema)}.${quoted(name)}`))
}

function namesOf(script: string, pattern: RegExp): readonly string[] {
  return [...script.matchAll(pattern)].map(([, name]) => spelt(name ?? ''))
}

/** Up to its semicolon. */
function statementAt(script: string, start: number): string {
  let at = start
  while (at < script.length && script[at] !== ';') at += lexeme(script, at).length
  return script.slice(start, at)
}

function spelt(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1) : name.toLowerCase()
}

function quoted(name: string): string {
  return name.includes('.') ? `"${name}"` : name
}
