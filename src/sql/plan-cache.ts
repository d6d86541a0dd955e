import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { CompileContext } from './compiled.js'
import type { LiftedText } from './lifted-literals.js'
import type { LiftedPlan } from './lifted-plan.js'
import type { Plan } from './plan.js'
import { type Compiled, ShapePlans } from './shape-plans.js'

/** Longer texts come once, as a rule, and would push everything else out. */
const MAX_TEXT_BYTES = 262_144
/** Longer texts are known by their hash: as keys they would take as much memory again, and longer to compare. */
const MAX_KEY_BYTES = 8_192

export function isCacheable(text: Buffer): boolean {
  return text.length <= MAX_TEXT_BYTES
}

/** Plans by everything they depend on; least recently used ones go first. */
export class PlanCache {
  readonly #plans: LRUCache<string, Plan>
  readonly #shapes: LRUCache<string, ShapePlans>

  constructor(limits: { readonly maxPlans: number; readonly maxBytes: number }) {
    const bounds = { max: limits.maxPlans, maxSize: limits.maxBytes }
    this.#plans = new LRUCache({
      ...bounds,
      sizeCalculation: (plan, key) => key.length + plan.template.bytes + 64,
    })
    this.#shapes = new LRUCache({
      ...bounds,
      sizeCalculation: (plans, key) => key.length + plans.bytes + 64,
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

  /** The plan that a text shares with others of its shape. */
  findShared(shape: string, text: Buffer, lifted: LiftedText): LiftedPlan | undefined {
    return this.#shapes.get(shape)?.find(text, lifted)
  }

  /** Tells texts of this shape what one of them was compiled to. */
  share(shape: string, lifted: LiftedText, compiled: Compiled): void {
    const plans = this.#shapes.get(shape) ?? new ShapePlans()
    plans.learn(compiled.plan.template.data.text, lifted, compiled)
    // anew, since its size is another
    this.#shapes.set(shape, plans)
  }
}

/**
 * A plan's key: the text, and all that its meaning depends on.
 *
 * The text goes in byte by byte (latin1), so that texts which differ in any byte have different keys; a long one by its hash,
 * behind what no text begins with. No name holds a NUL, so that lists of names don't run together.
 */
export function planKey(text: Buffer, context: CompileContext): string {
  return contextKey(context) + textKey(text)
}

/** The key of what texts of one shape share. */
export function shapeKey({ shape }: LiftedText, context: CompileContext): string {
  return contextKey(context) + shape
}

/** The latest context of those that most texts have, and its key. */
let latest: { readonly context: CompileContext; readonly key: string } | null = null

function contextKey(context: CompileContext): string {
  if (latest !== null && isSamePlain(latest.context, context)) return latest.key
  const key = newContextKey(context)
  if (isPlain(context)) latest = { context, key }
  return key
}

/** Nothing is held, and no type declared. */
function isPlain({ temporaries, hasPrepared, parameterTypes }: CompileContext): boolean {
  return temporaries.length === 0 && !hasPrepared && parameterTypes.length === 0
}

function isSamePlain(a: CompileContext, b: CompileContext): boolean {
  return (
    a.snapshot === b.snapshot &&
    a.policy === b.policy &&
    a.searchPath === b.searchPath &&
    a.kind === b.kind &&
    a.protocol === b.protocol &&
    isPlain(b)
  )
}

function newContextKey(context: CompileContext): string {
  const { snapshot, policy, kind, searchPath, parameterTypes, protocol } = context
  const held = context.temporaries.length === 0 && !context.hasPrepared ? '' : heldKey(context)
  return `${snapshot.generation}/${policy.generation}/${kind}/${protocol}/${parameterTypes.join(',')}/${searchPath.length}/${searchPath.join('\0')}\0/${held}`
}

/** Begins with what no text begins with. */
function heldKey({ temporaries, hasPrepared }: CompileContext): string {
  return `\0${hasPrepared}/${temporaries.length}/${temporaries.join('\0')}\0/`
}

function textKey(text: Buffer): string {
  if (text.length <= MAX_KEY_BYTES) return text.toString('latin1')
  return `\0\0${createHash('sha256').update(text).digest('base64')}`
}
