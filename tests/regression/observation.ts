import { comparable, type Observation } from '../support/world/observe.js'
import { exclusionOf } from './exclusions.js'

/**
 * What became of one statement.
 *
 * excluded: different for a reason that lies in having two databases, by a rule of `exclusions.ts`. refused: by the gateway,
 * where a private database would have done it.
 */
export type Verdict = 'same' | 'same error' | 'refused' | 'excluded' | 'different' | 'leak'

export interface Judgement {
  readonly verdict: Verdict
  /** The refusal, the rule, or both answers. */
  readonly detail: string
}

/** `own` is null where the private database wasn't asked, since the gateway refused. */
export interface Answers {
  readonly seen: Observation
  readonly own: Observation | null
}

const CANARY = /kanarie|8877\d{5}|\b8877-\d\d/
const INCIDENT = / \(incident \w+\)$/

export function isRefusal({ error }: Observation): boolean {
  return error !== null && INCIDENT.test(error.message)
}

/**
 * `isElsewhere`: whether the session has set a search path other than the policy's.
 *
 * The canary counts even where both answers have it: only texts that the private database sends as well may hold one.
 */
export function judge(text: string, { seen, own }: Answers, isElsewhere: boolean): Judgement {
  if (CANARY.test(seen.received) && !CANARY.test(own?.received ?? text))
    return { verdict: 'leak', detail: `${seen.received.slice(0, 500)}\n${show({ seen, own })}` }
  if (own !== null && canonical(seen) === canonical(own))
    return { verdict: seen.error === null ? 'same' : 'same error', detail: '' }
  if (isRefusal(seen)) return refused(seen, own)
  const rule = exclusionOf(text, { seen, own, isElsewhere })
  return rule === undefined
    ? { verdict: 'different', detail: show({ seen, own }) }
    : { verdict: 'excluded', detail: rule }
}

/** What fails in a private database too isn't lost by a refusal: an unknown relation, say, is refused like a denied one. */
function refused({ error }: Observation, own: Observation | null): Judgement {
  const detail = `${error?.code} ${error?.message.replace(INCIDENT, '')}`
  if (own === null || own.error === null) return { verdict: 'refused', detail }
  return { verdict: 'same error', detail: `${detail}; ${own.error.code} in a private database` }
}

/** Names and numbers that differ from one database to another count as equal. */
function canonical(observation: Observation): string {
  const results = observation.results.map(({ columns, rows, tag }) => ({
    columns,
    tag,
    rows: rows.map((row) => row.map((value, index) => neutral(value, columns[index] ?? ''))),
  }))
  return comparable({ ...observation, results })
}

const OID = / (?:26|1028|2205)$/
const FIRST_OWN_OID = 16_384

function neutral(value: string | null, column: string): string | null {
  if (value === null) return null
  if (OID.test(column))
    return value.replaceAll(/\d+/g, (digits) => (Number(digits) < FIRST_OWN_OID ? digits : 'own'))
  return value
    .replaceAll(/\b(?:shared|private)_[0-9a-f]{12}\b/g, 'database')
    .replaceAll("current_setting('regression.tenant'::text, true)", "'7'::text")
}

function show({ seen, own }: Answers): string {
  return `gateway: ${shown(seen)}\nprivate: ${own === null ? '-' : shown(own)}`
}

function shown(observation: Observation): string {
  const { error } = observation
  return (error === null ? comparable(observation) : `${error.code} ${error.message}`).slice(0, 1500)
}
