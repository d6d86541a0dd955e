import type { MergeWhenClause } from '@pgsql/types'
import { invariant } from '../../core/invariant.js'
import { untag } from '../ast/walk.js'
import { unsupported } from '../refusals.js'
import type { MergeSite } from '../resolve/resolution.js'
import { isWord, nextClause, nextOutsideCase } from '../token-reader.js'
import type { ScopeContext } from './context.js'
import { type Edit, insert, type Piece } from './edit.js'
import { qualify } from './guard-read.js'
import { stampAction } from './merge-insert.js'
import { assign, targetPin } from './pin-write.js'
import { relationSpan } from './span.js'
import { tieAction } from './tie-merge.js'

const ON = new Set(['on'])
const WHEN = new Set(['when'])
const END_OF_ACTION = new Set(['when', 'returning'])

/**
 * Confines a MERGE: rows of other tenants match nothing, and what acts on rows without a match in the source starts
 * with the pin, since every row of every other tenant is one.
 *
 * Shape    MERGE INTO t USING s ON c WHEN NOT MATCHED BY SOURCE THEN DELETE
 *          →  MERGE INTO public.t USING s ON <pin> AND (c) WHEN NOT MATCHED BY SOURCE AND <pin> THEN DELETE
 */
export function scopeMerge(site: MergeSite, context: ScopeContext): readonly Edit[] {
  const { statement, target } = site
  const isSingle = target.relation?.view?.single === true
  if (target.relation?.kind === 'view' && !isSingle) throw unsupported('mergeIntoView')
  const span = relationSpan(context.tokens, target.rangeVar, false)
  const condition = targetPin(target, context)
  const on = joinKeyword(span.nextToken, context)
  const first = nextOutsideCase(context.tokens, on + 1, WHEN)
  const edits = [...qualify(target, span), ...wrap(on + 1, first, { condition, context })]
  let when = first
  for (const node of statement.mergeWhenClauses ?? []) {
    const clause = untag(node)?.struct as MergeWhenClause
    const then = nextOutsideCase(context.tokens, when + 1, new Set(['then']))
    edits.push(...pinUnmatched(clause, { when, then }, { condition, context }))
    const end = nextOutsideCase(context.tokens, then + 1, END_OF_ACTION)
    edits.push(...action(clause, site, { then, end, context }))
    when = end
  }
  return edits
}

/** What an action writes, between THEN and what follows it. */
function action(
  clause: MergeWhenClause,
  site: MergeSite,
  at: { readonly then: number; readonly end: number; readonly context: ScopeContext },
): readonly Edit[] {
  const { then, end, context } = at
  if (clause.commandType === 'CMD_INSERT') {
    const place = { after: then + 2, context }
    return site.target.access.kind === 'via'
      ? tieAction(clause, site, place)
      : stampAction(clause, site.target, place)
  }
  // UPDATE SET …
  const list = { from: then + 3, to: end }
  return clause.commandType === 'CMD_UPDATE' ? assign(site, clause.targetList ?? [], { list, context }) : []
}

/** The ON of the MERGE itself is the last one: a join that is its source has its own before. */
function joinKeyword(from: number, context: ScopeContext): number {
  const { tokens } = context
  invariant(isWord(tokens, from, 'using'), 'USING follows the target')
  const when = nextOutsideCase(tokens, from + 1, WHEN)
  let on = nextClause(tokens, from, ON)
  for (let next = on; next < when; next = nextClause(tokens, next + 1, ON)) on = next
  return on
}

interface Pinning {
  readonly condition: readonly Piece[]
  readonly context: ScopeContext
}

/** `pin AND (…)` around the tokens from one to another. */
function wrap(from: number, to: number, { condition, context }: Pinning): readonly Edit[] {
  const { starts, ends } = context.tokens
  return [insert(starts[from] ?? 0, ...condition, ' AND ('), insert(ends[to - 1] ?? 0, ')')]
}

function pinUnmatched(
  clause: MergeWhenClause,
  place: { readonly when: number; readonly then: number },
  pinning: Pinning,
): readonly Edit[] {
  if (clause.matchKind !== 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE') return []
  const { tokens } = pinning.context
  // WHEN NOT MATCHED BY SOURCE [AND condition] THEN
  const source = place.when + 4
  invariant(isWord(tokens, source, 'source'), 'BY SOURCE stands four tokens behind WHEN')
  if (clause.condition !== undefined) return wrap(source + 2, place.then, pinning)
  return [insert(tokens.ends[source] ?? 0, ' AND ', ...pinning.condition)]
}
