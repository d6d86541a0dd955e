import { assertKnown } from './catalog-verdicts.mjs'
import * as functionRules from './function-rules.mjs'
import * as relationRules from './relation-rules.mjs'

/** name → key of its list; a name that stands in two lists is a contradiction. */
function index(lists) {
  const found = new Map()
  for (const [key, names] of Object.entries(lists)) {
    for (const name of names) {
      if (found.has(name)) throw new Error(`${name} stands under ${found.get(name)} and ${key}`)
      found.set(name, key)
    }
  }
  return found
}

const allowed = index(functionRules.ALLOWED)
const denied = index(functionRules.DENIED)

function assertAllowable(name, entry) {
  if (denied.has(name)) throw new Error(`function ${name} is both allowed and denied`)
  if (entry.internal) throw new Error(`function ${name} is allowed but takes or gives an internal type`)
  if (!entry.public) throw new Error(`function ${name} is allowed but an ordinary role may not execute it`)
  if (entry.volatile && !functionRules.VOLATILE.has(name))
    throw new Error(`function ${name} is allowed and volatile: review it and add it to VOLATILE`)
}

function assertNamespaced(name, entry) {
  if (allowed.has(name) || denied.has(name))
    throw new Error(`function ${name} is namespaced and listed elsewhere`)
  if (entry.internal || !entry.public)
    throw new Error(`function ${name} is namespaced but an ordinary statement can't call it`)
}

/** The key of REASONS, null where it is allowed, undefined where no rule decides. */
function denialOf(name, entry) {
  if (functionRules.NAMESPACED.has(name)) {
    assertNamespaced(name, entry)
    return null
  }
  const pattern = functionRules.DENIED_PATTERNS.find(([shape]) => shape.test(name))
  if (allowed.has(name)) {
    if (pattern) throw new Error(`function ${name} is allowed but matches ${pattern[0]}`)
    assertAllowable(name, entry)
    return null
  }
  if (denied.has(name)) return denied.get(name)
  if (pattern) return pattern[1]
  if (entry.internal || entry.support || functionRules.DENIED_SUPPORT.has(name)) return 'support'
  return undefined
}

/** Every function name of pg_catalog with its verdict, sorted; throws where a rule is missing or contradicts the inventory. */
export function functionVerdicts(inventory) {
  const verdicts = []
  const undecided = []
  for (const [name, entry] of Object.entries(inventory.functions)) {
    if (name.startsWith(INFORMATION_SCHEMA)) continue
    const denial = denialOf(name, entry)
    if (denial === undefined) undecided.push(name)
    const total = denial === null && !entry.volatile && (entry.leakproof || functionRules.TOTAL.has(name))
    const namespaced = functionRules.NAMESPACED.has(name)
    verdicts.push({ name, denial, namespaced, total, overloads: Object.keys(entry.overloads).sort() })
  }
  if (undecided.length > 0) throw new Error(`no rule decides these functions: ${undecided.join(' ')}`)
  assertKnown(
    [
      ...allowed.keys(),
      ...denied.keys(),
      ...functionRules.NAMESPACED,
      ...functionRules.TOTAL,
      ...functionRules.DENIED_SUPPORT,
    ],
    inventory.functions,
  )
  return verdicts.sort(byName)
}

const INFORMATION_SCHEMA = 'information_schema.'

/** The functions of information_schema; all of them are allowed, so each has to be named. */
export function informationSchemaFunctions({ functions }) {
  const names = Object.keys(functions).filter((name) => name.startsWith(INFORMATION_SCHEMA))
  const known = new Set(functionRules.INFORMATION_SCHEMA.map((name) => INFORMATION_SCHEMA + name))
  const undecided = names.filter((name) => !known.has(name))
  if (undecided.length > 0) throw new Error(`no rule decides these functions: ${undecided.join(' ')}`)
  assertKnown([...known], functions)
  return [...functionRules.INFORMATION_SCHEMA].sort()
}

const metadata = index({
  pg_catalog: [...relationRules.METADATA.pg_catalog, ...relationRules.METADATA.cluster].map(
    (name) => `pg_catalog.${name}`,
  ),
  information_schema: relationRules.METADATA.information_schema.map((name) => `information_schema.${name}`),
})
const qualified = (lists) =>
  index(
    Object.fromEntries(
      Object.entries(lists).map(([key, names]) => [
        key,
        names.map((name) => `${key === 'information_schema' ? key : 'pg_catalog'}.${name}`),
      ]),
    ),
  )
const empty = qualified(relationRules.EMPTY)
const deniedRelations = qualified(relationRules.DENIED)

function accessOf(name, entry) {
  const matches = [
    metadata.has(name) && 'metadata',
    empty.has(name) && 'empty',
    deniedRelations.has(name) && 'denied',
  ].filter(Boolean)
  if (matches.length > 1) throw new Error(`relation ${name} stands under ${matches.join(' and ')}`)
  const [bare] = name.split('.').slice(1)
  const family =
    name.startsWith('pg_catalog.') && relationRules.EMPTY_PATTERNS.some((shape) => shape.test(bare))
  const access = matches[0] ?? (family ? 'empty' : undefined)
  if (access === 'denied' || entry.public) return access
  if (family) return 'denied'
  throw new Error(`relation ${name} is ${access} but an ordinary role can't read it`)
}

/** Every system relation with its access, sorted; throws where a rule is missing or contradicts the inventory. */
export function relationVerdicts(inventory) {
  const verdicts = []
  const undecided = []
  for (const [name, entry] of Object.entries(inventory.relations)) {
    const access = accessOf(name, entry)
    if (access === undefined) undecided.push(name)
    verdicts.push({ name, access })
  }
  if (undecided.length > 0) throw new Error(`no rule decides these relations: ${undecided.join(' ')}`)
  assertKnown([...metadata.keys(), ...empty.keys(), ...deniedRelations.keys()], inventory.relations)
  return verdicts.sort(byName)
}

function byName(a, b) {
  return a.name < b.name ? -1 : 1
}
