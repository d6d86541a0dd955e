import { LRUCache } from 'lru-cache'
import type { CompileContext } from './compiled.js'
import type { SharedPlan } from './lifted-plan.js'
import type { Plan } from './plan.js'

/** Plans by everything they depend on; least recently used ones go first. */
export class PlanCache {
  readonly #plans: LRUCache<string, Plan>
  readonly #shared: LRUCache<string, SharedPlan>

  /** `maxBytes` bounds the texts kept, as a measure of the plans' size. */
  constructor(limits: { readonly maxPlans: number; readonly maxBytes: number }) {
    this.#plans = new LRUCache({
      max: limits.maxPlans,
      maxSize: limits.maxBytes,
      sizeCalculation: (_plan, key) => key.length + 64,
    })
    this.#shared = new LRUCache({
      max: limits.maxPlans,
      maxSize: limits.maxBytes,
      sizeCalculation: (_plan, key) => key.length + 64,
    })
  }

  find(key: string): Plan | undefined {
    const plan = this.#plans.get(key)
    if (plan !== undefined) plan.uses += 1
    return plan
  }

  keep(key: string, plan: Plan): void {
    this.#plans.set(key, plan)
  }

  /** The plan that texts of one shape share. */
  findShared(key: string): SharedPlan | undefined {
    return this.#shared.get(key)
  }

  share(key: string, plan: SharedPlan): void {
    this.#shared.set(key, plan)
  }
}

/**
 * A plan's key: the text, and all that its meaning depends on.
 *
 * The text goes in byte by byte (latin1), so that texts which differ in any byte have different keys.
 * No name holds a NUL, so that lists of names don't run together.
 */
export function planKey(text: Buffer, context: CompileContext): string {
  const { snapshot, policy, kind, searchPath, parameterTypes, protocol } = context
  const held = context.temporaries.length === 0 && !context.hasPrepared ? '' : heldKey(context)
  return `${snapshot.generation}/${policy.generation}/${kind}/${protocol}/${parameterTypes.join(',')}/${searchPath.length}/${searchPath.join('\0')}\0/${held}${text.toString('latin1')}`
}

/** Begins with what no text begins with. */
function heldKey({ temporaries, hasPrepared }: CompileContext): string {
  return `\0${hasPrepared}/${temporaries.length}/${temporaries.join('\0')}\0/`
}
