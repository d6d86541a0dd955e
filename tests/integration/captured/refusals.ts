import { GatewayError } from '../../../src/core/errors.js'
import type { Scoping } from '../../support/world/scoping.js'
import type { Captured } from './corpus.js'

/** What the compiler makes of a text: scoped SQL, or a refusal in one line. */
export type Outcome = { readonly scoped: string } | { readonly refusal: string }

export function outcomeOf({ text }: Captured, scoping: Scoping): Outcome {
  try {
    return { scoped: scoping.scope({ text }) }
  } catch (error) {
    if (error instanceof GatewayError) return { refusal: `${error.sqlstate} ${error.message}` }
    // a parameter that must be the tenant is looked at in Bind; these texts were recorded without their values
    if (error instanceof Error && 'sqlstate' in error) return { scoped: '' }
    throw error
  }
}

/**
 * One line per client, reason and kind of statement, in order: what a reviewer has to agree with.
 *
 * Shape    client  SQLSTATE message  ‹how many›  the first words
 */
export function summary(refused: readonly (Captured & { readonly refusal: string })[]): readonly string[] {
  const lines = new Map<string, number>()
  for (const { client, text, refusal } of refused) {
    const line = `${client} | ${refusal} | ${head(text)}`
    lines.set(line, (lines.get(line) ?? 0) + 1)
  }
  return [...lines].map(([line, count]) => (count === 1 ? line : `${line} (${count})`)).sort()
}

function head(text: string): string {
  const words = text
    .replace(/--[^\n]*\n/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return words.length > 70 ? `${words.slice(0, 69)}…` : words
}
