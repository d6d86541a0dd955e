import type { LiftedText, Spots } from './lifted-literals.js'
import { LiftedPlan, SharedPlan } from './lifted-plan.js'
import type { Plan } from './plan.js'

/** Of one shape: literals that a stage looked at may have many values. */
const MAX_VARIANTS = 16

/** A plan and the texts that it is for. */
interface Variant {
  readonly shared: SharedPlan
  /** Of each literal of the shape, whether it may have any value; the others have those of `text`. */
  readonly free: readonly boolean[]
  readonly text: Buffer
  readonly spots: Spots
  /** Whether what it gives was what a compilation gave; null as long as none was compared. */
  proven: boolean | null
}

/** What is compiled anew, and which of its literals no stage has looked at. */
export interface Compiled {
  readonly plan: Plan
  readonly free: readonly boolean[]
}

/**
 * The plans that texts of one shape share.
 *
 * A compilation is determined by what it looks at. So a plan is that of every text whose literals, as far as somebody looked
 * at them, are the same. It is shared from the third such text on: the second is compiled as well, and has to come out equal.
 */
export class ShapePlans {
  readonly #variants: Variant[] = []

  /** Units: bytes of memory, about. */
  get bytes(): number {
    return this.#variants.reduce(
      (sum, { shared, text }) => sum + shared.plan.template.bytes + text.length,
      64,
    )
  }

  /** The plan for a text of this shape; undefined where it has to be compiled. */
  find(text: Buffer, { spots }: LiftedText): LiftedPlan | undefined {
    for (const variant of this.#variants) {
      if (variant.proven === true && isFor(variant, text, spots))
        return new LiftedPlan(variant.shared, text, chosen(spots, variant.free))
    }
    return undefined
  }

  /** Takes note of what the compilation of a text gave; `text` is kept. */
  learn(text: Buffer, { spots }: LiftedText, { plan, free }: Compiled): void {
    const known = this.#variants.find((variant) => isFor(variant, text, spots))
    if (known !== undefined) {
      const own = known.shared.planOf(text, chosen(spots, known.free))
      known.proven = known.proven !== false && own.isSame(plan) && known.free.join() === free.join()
    } else if (plan.isShareable && free.includes(true)) {
      if (this.#variants.length === MAX_VARIANTS) this.#variants.shift()
      const shared = new SharedPlan(plan, chosen(spots, free))
      this.#variants.push({ shared, free, text, spots, proven: null })
    }
  }
}

function isFor(variant: Variant, text: Buffer, spots: Spots): boolean {
  return variant.free.every((isFree, index) => isFree || isSameLiteral(variant, { text, spots }, 2 * index))
}

function isSameLiteral(
  a: { readonly text: Buffer; readonly spots: Spots },
  b: { readonly text: Buffer; readonly spots: Spots },
  at: number,
): boolean {
  const [aFrom, aTo, bFrom, bTo] = [a.spots[at], a.spots[at + 1], b.spots[at], b.spots[at + 1]]
  return a.text.compare(b.text, bFrom, bTo, aFrom, aTo) === 0
}

/** The spots of the literals that are free. */
function chosen(spots: Spots, free: readonly boolean[]): Spots {
  return free.includes(false) ? spots.filter((_offset, i) => free[i >> 1] === true) : spots
}
