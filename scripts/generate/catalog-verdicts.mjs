import { DENIED as DENIED_FUNCTIONS } from './function-rules.mjs'
import * as operatorRules from './operator-rules.mjs'
import * as settingRules from './setting-rules.mjs'
import * as typeRules from './type-rules.mjs'

const byName = (a, b) => (a.name < b.name ? -1 : 1)

/** A rule for a name that no version has is a typing error, and would pass silently. */
export function assertKnown(names, known) {
  const unknown = names.filter((name) => !Object.hasOwn(known, name))
  if (unknown.length > 0) throw new Error(`no supported version has: ${unknown.join(' ')}`)
}

function assertDecided(kind, names) {
  if (names.length > 0) throw new Error(`no rule decides these ${kind}: ${names.join(' ')}`)
}

/** Every operator name of pg_catalog with whether it can fail on a value, sorted. */
export function operatorVerdicts({ operators }) {
  const allowed = new Set(operatorRules.ALLOWED)
  assertDecided(
    'operators',
    Object.keys(operators).filter((name) => !allowed.has(name)),
  )
  assertKnown([...allowed], operators)
  const denied = new Set(Object.values(DENIED_FUNCTIONS).flat())
  return Object.entries(operators)
    .map(([name, { leakproof, volatile, functions, overloads }]) => {
      if (volatile) throw new Error(`operator ${name} is volatile`)
      const behind = functions.filter((each) => denied.has(each))
      if (behind.length > 0) throw new Error(`operator ${name} calls what is denied: ${behind.join(' ')}`)
      const total = leakproof || operatorRules.TOTAL.includes(name)
      return { name, total, overloads: Object.keys(overloads).sort() }
    })
    .sort(byName)
}

function typeDenial(name, kind) {
  const bare = name.replace(/^pg_catalog\./, '')
  if (name.startsWith('information_schema.')) return kind === 'c' ? 'row' : null
  if (kind === 'c') return 'row'
  if (kind === 'p') return 'pseudo'
  if (kind === 'r' || kind === 'm') return null
  if (typeRules.ALLOWED.includes(bare)) return null
  return Object.keys(typeRules.DENIED).find((key) => typeRules.DENIED[key].includes(bare))
}

/** Every type of the system schemas with why it may not be named, sorted; arrays go by their elements. */
export function typeVerdicts({ types }) {
  const verdicts = Object.entries(types).map(([name, { kind }]) => ({ name, denial: typeDenial(name, kind) }))
  assertDecided(
    'types',
    verdicts.filter(({ denial }) => denial === undefined).map(({ name }) => name),
  )
  const named = [...typeRules.ALLOWED, ...Object.values(typeRules.DENIED).flat()]
  assertKnown(
    named.map((name) => `pg_catalog.${name}`),
    types,
  )
  return verdicts.sort(byName)
}

function settingVerdict(name, { category, user }) {
  if (settingRules.SETTABLE.includes(name)) {
    if (!user) throw new Error(`setting ${name} may be set, but an ordinary role can't`)
    return { access: 'settable', reason: null }
  }
  if (settingRules.SHOWABLE.includes(name)) return { access: 'showable', reason: null }
  const named = Object.keys(settingRules.REFUSED).find((key) => settingRules.REFUSED[key].includes(name))
  const prefix = Object.keys(settingRules.CATEGORIES).find((start) => category.startsWith(start))
  return { access: 'refused', reason: named ?? settingRules.CATEGORIES[prefix] }
}

/** Every setting of the server's own with what a tenant may do with it, sorted. */
export function settingVerdicts({ settings }) {
  const verdicts = Object.entries(settings).map(([name, about]) => ({
    name: name.toLowerCase(),
    versions: about.versions,
    ...settingVerdict(name, about),
  }))
  assertDecided(
    'settings',
    verdicts
      .filter(({ access, reason }) => access === 'refused' && reason === undefined)
      .map(({ name }) => name),
  )
  const { SETTABLE, SHOWABLE, REFUSED } = settingRules
  assertKnown([...SETTABLE, ...SHOWABLE, ...Object.values(REFUSED).flat()], settings)
  return verdicts.sort(byName)
}
