import type { UserFunction } from '../schema/functions.js'
import { relationKey } from '../schema/relation.js'
import { support } from './builtin-function.js'
import { EXTENSIONS } from './extensions.generated.js'
import { BUILTIN_FUNCTIONS } from './functions.generated.js'
import type { Policy } from './policy.js'
import type { ReviewedExtension } from './reviewed-extension.js'

/** What the review says about an extension; undefined: nobody reviewed it. */
export function reviewedExtension(name: string): ReviewedExtension | undefined {
  return EXTENSIONS.get(name)
}

/** Why the policy may not name an extension as a whole, for who writes it to read; null where it may. */
export function extensionRefusal(name: string): string | null {
  const review = EXTENSIONS.get(name)
  if (review?.trust === 'never') return review.reason
  return review?.trust === 'one by one'
    ? 'some of its functions act on whole tables: name those that tenants need under functions.allow'
    : null
}

/** Whether the policy trusts an extension as a whole; the review may still deny single functions of it. */
export function isTrustedExtension(name: string | null, policy: Policy): boolean {
  if (name === null || !policy.functions.extensions.has(name)) return false
  const trust = EXTENSIONS.get(name)?.trust
  return trust === undefined || trust === 'reviewed'
}

/** Whether a relation is an extension's own that everybody may read, of an extension that the policy trusts. */
export function isSharedByExtension(
  relation: { readonly name: string; readonly extension: string | null },
  policy: Policy,
): boolean {
  if (relation.extension === null || !isTrustedExtension(relation.extension, policy)) return false
  return EXTENSIONS.get(relation.extension)?.relations.has(relation.name) ?? false
}

/** Whether a function was reviewed with its extension, and allowed: it works on its arguments alone. */
export function isReviewedFunction(extension: string | null, name: string): boolean {
  return extension !== null && EXTENSIONS.get(extension)?.functions.get(name)?.access === 'allowed'
}

/** What a call may do: `total` can't fail on a row's value; `fenced` may fail although the planner counts it as free. */
export type FunctionRisk = 'total' | 'leaky' | 'fenced'

/**
 * What a call of a function outside pg_catalog may do.
 *
 * The cost is the planner's word for when it is called, and the body of an SQL function takes the call's place: of those
 * that were reviewed each costs something.
 */
export function userFunctionRisk({ cost, language, leakproof, extension, name }: UserFunction): FunctionRisk {
  const isReviewed = isReviewedFunction(extension, name)
  if (cost < 1 || (language === 'sql' && !isReviewed)) return 'fenced'
  const isTotal = isReviewed && EXTENSIONS.get(extension ?? '')?.functions.get(name)?.total === true
  return leakproof || isTotal ? 'total' : 'leaky'
}

type Called = Pick<UserFunction, 'schema' | 'name' | 'extension'> &
  Partial<Pick<UserFunction, 'kind' | 'language' | 'securityDefiner'>>

const UNNAMED = 'the policy does not name it'
const UNSEEN = 'it is no function that was reviewed with its extension'
const COMPILED: ReadonlySet<string> = new Set(['c', 'internal'])

/**
 * Why tenants may not call a function outside pg_catalog, for the client to read; null where they may.
 *
 * The review's denials hold whatever the policy names. Where nothing is known of a function but its name (a cast's, a
 * domain's check), its name decides.
 */
export function userFunctionDenial(called: Called, policy: Policy): string | null {
  if (called.kind === 'procedure') return 'it is a procedure'
  const reviewed = called.extension === null ? undefined : EXTENSIONS.get(called.extension)
  if (reviewed?.trust === 'never') return reviewed.reason
  const verdict = reviewed?.functions.get(called.name)
  if (verdict?.access === 'denied') return verdict.reason
  if (policy.functions.allow.has(relationKey(called.schema, called.name))) return null
  if (!isTrustedExtension(called.extension, policy)) return UNNAMED
  if (reviewed !== undefined) return verdict === undefined ? UNSEEN : null
  return unreviewedDenial(called)
}

/** Of an extension that nobody reviewed a function counts as one of its arguments only if nothing speaks against it. */
function unreviewedDenial({ name, language, securityDefiner }: Called): string | null {
  if (securityDefiner === true) return "it runs with its owner's rights"
  if (language !== undefined && !COMPILED.has(language))
    return 'it is not compiled, and its extension was not reviewed'
  return NAMES.get(name) ?? null
}

/** Why a name is denied, by each name that is denied anywhere. */
const NAMES: ReadonlyMap<string, string> = new Map(
  [BUILTIN_FUNCTIONS, ...[...EXTENSIONS.values()].map(({ functions }) => functions)].flatMap((functions) =>
    [...functions].flatMap(([name, verdict]) =>
      verdict.reason === null || verdict === support ? [] : [[name, verdict.reason] as const],
    ),
  ),
)
