import { comparable, type Observation, Observer } from '../support/world/observe.js'
import { CANARY } from '../support/world/world.js'
import type { Statement } from './grammar/statement.js'

/** Someone who answers statements as the tenant: the gateway, the compiler, or the private database. */
export interface Party {
  ask(text: string, values?: readonly string[]): Promise<Observation>
}

export interface OpenParty extends Party {
  close(): Promise<void>
}

/** What became of one statement. */
export interface Verdict {
  readonly kind: 'same' | 'same error' | 'refused' | 'different' | 'leak' | 'too slow'
  readonly explanation: string
}

/** Asks both, and compares everything a client sees; what the statement wrote is compared too, and taken back. */
export async function compare(statement: Statement, gateway: Party, twin: Party): Promise<Verdict> {
  const [seen, own] = await Promise.all([answers(statement, gateway), answers(statement, twin)])
  const explanation = () =>
    `${statement.text}\n${JSON.stringify(statement.values ?? [])}\ngateway: ${show(seen)}\nprivate: ${show(own)}`
  if ([...seen, ...own].some(({ error }) => error?.code === 'none')) throw new Error(explanation())
  if (seen.some(({ received }) => CANARY.test(received))) return { kind: 'leak', explanation: explanation() }
  if ([...seen, ...own].some(({ error }) => error?.code === '57014'))
    return { kind: 'too slow', explanation: explanation() }
  const same = seen.every((observation, i) => equal(observation, own[i], statement.ordered && i === 0))
  if (same) return { kind: seen[0]?.error ? 'same error' : 'same', explanation: '' }
  const refusal = seen[0] !== undefined && refusalOf(seen[0], own[0])
  return refusal
    ? { kind: 'refused', explanation: refusal }
    : { kind: 'different', explanation: explanation() }
}

/**
 * What the gateway may refuse although a private database would do it, as ISOLATION.md has it.
 *
 * A relation that doesn't exist is refused like one that is denied.
 */
const REFUSALS: readonly RegExp[] = [
  /^TABLESAMPLE beside an expression that can fail on a row is not available/,
  /^a filter of this kind on the rows to be changed is not available/,
]

/** A fenced relation has no key that GROUP BY could rely on (ADR 12); the server says so. */
function isUngrouped(seen: Observation, own: Observation | undefined): boolean {
  return seen.error?.code === '42803' && own?.error === null
}

function refusalOf(seen: Observation, own: Observation | undefined): string | undefined {
  const message = seen.error?.message.replace(/ \(incident \w+\)$/, '') ?? ''
  if (seen.error?.code === '42501' && own?.error?.code === '42P01') return 'unknown relation'
  const isNamed = seen.error?.code === '0A000' && REFUSALS.some((refusal) => refusal.test(message))
  return isNamed || isUngrouped(seen, own) ? message.replace(/".*?"/, '‹column›') : undefined
}

async function answers(statement: Statement, party: Party): Promise<readonly Observation[]> {
  if (statement.touches.length === 0) return [await party.ask(statement.text, statement.values)]
  await party.ask('BEGIN')
  const first = await party.ask(statement.text, statement.values)
  const rest: Observation[] = []
  if (first.error === null)
    for (const table of statement.touches) rest.push(await party.ask(`TABLE ${table}`))
  await party.ask('ROLLBACK')
  return [first, ...rest]
}

function equal(a: Observation, b: Observation | undefined, ordered: boolean): boolean {
  return b !== undefined && comparable(a, ordered) === comparable(b, ordered)
}

function show(observations: readonly Observation[]): string {
  return observations
    .map((observation) => (observation.error ? JSON.stringify(observation.error) : comparable(observation)))
    .join('\n')
    .slice(0, 1500)
}

/** A party that is a PostgreSQL connection; `translate` is what the compiler does to a text. */
export async function connectedParty(
  url: string,
  types: ReadonlyMap<number, string>,
  translate: (text: string, values?: readonly string[]) => string = (text) => text,
): Promise<OpenParty> {
  const observer = await Observer.connect(url, types)
  await observer.ask({ text: `SET statement_timeout TO '4s'` })
  return {
    ask: (text, values) => observer.ask({ text: translate(text, values), values }),
    close: () => observer.close(),
  }
}
