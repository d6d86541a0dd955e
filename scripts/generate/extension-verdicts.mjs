import { NEVER, ONE_BY_ONE, REVIEWED } from './extension-rules.mjs'

/** Languages in which a body shows nothing of what it does but by review. */
const BODIES = new Set(['sql', 'plpgsql'])
const COMPILED = new Set(['c', 'internal'])

function assertReviewed(name, entry, { extension, bodies }) {
  const called = `${extension}'s ${name}`
  if (entry.definer) throw new Error(`${called} runs with its owner's rights: deny it`)
  if (entry.free) throw new Error(`${called} costs less than an operator: deny it`)
  const unread = entry.languages.filter((each) => !COMPILED.has(each) && !(bodies && BODIES.has(each)))
  if (unread.length > 0) throw new Error(`${called} is written in ${unread}: read it, or deny it`)
}

function functionVerdict([name, entry], rule) {
  const denial = Object.keys(rule.denied ?? {}).find((key) => rule.denied[key].includes(name))
  const overloads = [...entry.overloads].sort()
  if (denial !== undefined) return { name, denial, total: false, overloads }
  if (entry.internal) return { name, denial: 'support', total: false, overloads }
  assertReviewed(name, entry, rule)
  const total = !entry.volatile && (entry.leakproof || (rule.total ?? []).includes(name))
  return { name, denial: null, total, overloads }
}

function reviewed(extension, inventory) {
  const rule = { ...REVIEWED[extension], extension }
  const known = inventory[extension]?.functions
  if (known === undefined) throw new Error(`the inventory has no extension ${extension}`)
  const named = [...Object.values(rule.denied ?? {}).flat(), ...(rule.total ?? [])]
  const unknown = named.filter((name) => !Object.hasOwn(known, name))
  if (unknown.length > 0) throw new Error(`no source of ${extension} has: ${unknown.join(' ')}`)
  const functions = Object.entries(known)
    .map((entry) => functionVerdict(entry, rule))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return { trust: 'reviewed', functions, relations: rule.relations ?? [] }
}

/** Every extension that a rule decides with its functions' verdicts; throws where the inventory has one that none decides. */
export function extensionVerdicts(inventory) {
  const verdicts = new Map()
  const add = (name, verdict) => {
    if (verdicts.has(name)) throw new Error(`extension ${name} is decided twice`)
    verdicts.set(name, { name, ...verdict })
  }
  for (const name of Object.keys(REVIEWED)) add(name, reviewed(name, inventory))
  for (const [reason, names] of Object.entries(NEVER)) {
    for (const name of names) {
      const functions = Object.keys(inventory[name]?.functions ?? {}).sort()
      add(name, { trust: 'never', reason, functions })
    }
  }
  for (const name of ONE_BY_ONE) add(name, { trust: 'one by one' })
  const undecided = Object.keys(inventory).filter((name) => !verdicts.has(name))
  if (undecided.length > 0) throw new Error(`no rule decides these extensions: ${undecided.join(' ')}`)
  return [...verdicts.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}
