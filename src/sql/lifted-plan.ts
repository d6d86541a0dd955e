import type { TenantId } from '../core/ids.js'
import { invariant } from '../core/invariant.js'
import type { CompiledStatement, CompiledText, TenantCheck, VerifiedSql } from './compiled.js'
import type { Plan } from './plan.js'

/** A plan of one shape of text, for all texts of that shape. */
export class SharedPlan {
  readonly plan: Plan
  readonly #spots: readonly number[]
  /** Where the literals start in the scoped text of the tenant that came last. */
  #offsets: { readonly tenant: string; readonly starts: readonly number[] } | null = null

  constructor(plan: Plan, spots: readonly number[]) {
    this.plan = plan
    this.#spots = spots
  }

  /** The scoped text with another text's literals in the places of the plan's own. */
  bind(text: Buffer, tenants: readonly TenantId[]): VerifiedSql {
    const starts = this.#startsFor(tenants)
    const scoped = Buffer.from(this.plan.bind(tenants)) as VerifiedSql
    for (let i = 0; i < starts.length; i += 1) {
      const start = starts[i] ?? -1
      invariant(start >= 0, 'a shared literal stands in the scoped text')
      text.copy(scoped, start, this.#spots[2 * i], this.#spots[2 * i + 1])
    }
    return scoped
  }

  #startsFor(tenants: readonly TenantId[]): readonly number[] {
    const tenant = tenants.join(',')
    if (this.#offsets?.tenant !== tenant) {
      const own = this.#spots.filter((_spot, i) => i % 2 === 0)
      this.#offsets = { tenant, starts: this.plan.scopedOffsets(tenants, own) }
    }
    return this.#offsets.starts
  }
}

/** A text that shares the plan of its shape; it may never come again, so it isn't kept. */
export class LiftedPlan implements CompiledText {
  uses = 1
  readonly #shared: SharedPlan
  readonly #text: Buffer

  constructor(shared: SharedPlan, text: Buffer) {
    this.#shared = shared
    this.#text = Buffer.from(text)
  }

  get statements(): readonly CompiledStatement[] {
    return this.#shared.plan.statements
  }

  get checks(): readonly TenantCheck[] {
    return this.#shared.plan.checks
  }

  /** Only the digits of integers differ. */
  get namesMoment(): boolean {
    return this.#shared.plan.namesMoment
  }

  bind(tenants: readonly TenantId[]): VerifiedSql {
    return this.#shared.bind(this.#text, tenants)
  }

  /** Literals of one shape have the same lengths, so positions are the plan's. */
  originalPosition(tenants: readonly TenantId[], position: number): number {
    return this.#shared.plan.originalPosition(tenants, position)
  }
}
