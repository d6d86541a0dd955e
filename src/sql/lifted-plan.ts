import type { TenantId } from '../core/ids.js'
import { invariant } from '../core/invariant.js'
import type { CompiledStatement, CompiledText, TenantCheck, VerifiedSql } from './compiled.js'
import type { Spots } from './lifted-literals.js'
import type { Plan } from './plan.js'
import { withSpots } from './template-spots.js'

/** Tenants whose scoped text a shared plan keeps in pieces, and the size of these. */
const MAX_TENANTS = 64
const MAX_PIECE_BYTES = 65_536

/** A plan for all texts that differ from its own in the values of some literals. */
export class SharedPlan {
  readonly plan: Plan
  readonly #spots: Spots
  /** What stands between the literals in the scoped text, by tenants. */
  readonly #pieces = new Map<string, readonly Buffer[]>()
  #pieceBytes = 0

  constructor(plan: Plan, spots: Spots) {
    this.plan = plan
    this.#spots = spots
  }

  /** The plan's scoped text with the literals that stand at these spots of a text in the places of its own. */
  bind(text: Buffer, spots: Spots, tenants: readonly TenantId[]): VerifiedSql {
    const pieces = this.#piecesFor(tenants)
    let length = 0
    for (const piece of pieces) length += piece.length
    for (let i = 0; i < spots.length; i += 2) length += (spots[i + 1] ?? 0) - (spots[i] ?? 0)
    const scoped = Buffer.allocUnsafe(length)
    let at = 0
    for (const [index, piece] of pieces.entries()) {
      scoped.set(piece, at)
      at += piece.length
      if (2 * index < spots.length) at += text.copy(scoped, at, spots[2 * index], spots[2 * index + 1])
    }
    return scoped as VerifiedSql
  }

  /** What a compilation of that text alone would make of it. */
  planOf(text: Buffer, spots: Spots): Plan {
    return this.plan.withTemplate(withSpots(this.plan.template.data, this.#spots, { text, spots }))
  }

  #piecesFor(tenants: readonly TenantId[]): readonly Buffer[] {
    const key = tenants.length === 1 ? (tenants[0] ?? '') : tenants.join(',')
    const known = this.#pieces.get(key)
    if (known !== undefined) return known
    const pieces = this.#cut(tenants)
    const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0)
    if (this.#pieces.size >= MAX_TENANTS || this.#pieceBytes + bytes > MAX_PIECE_BYTES) {
      this.#pieces.clear()
      this.#pieceBytes = 0
    }
    this.#pieces.set(key, pieces)
    this.#pieceBytes += bytes
    return pieces
  }

  #cut(tenants: readonly TenantId[]): readonly Buffer[] {
    const scoped = this.plan.bind(tenants)
    const starts = this.plan.scopedOffsets(
      tenants,
      this.#spots.filter((_spot, i) => i % 2 === 0),
    )
    const pieces: Buffer[] = []
    let from = 0
    for (const [index, start] of starts.entries()) {
      invariant(start >= from, 'a shared literal stands in the scoped text, in its order')
      pieces.push(scoped.subarray(from, start))
      from = start + (this.#spots[2 * index + 1] ?? 0) - (this.#spots[2 * index] ?? 0)
    }
    return [...pieces, scoped.subarray(from)]
  }
}

/** A text that shares a plan; it may never come again, so it isn't kept. */
export class LiftedPlan implements CompiledText {
  uses = 1
  readonly #shared: SharedPlan
  readonly #text: Buffer
  readonly #spots: Spots
  #own: Plan | null = null

  constructor(shared: SharedPlan, text: Buffer, spots: Spots) {
    this.#shared = shared
    this.#text = Buffer.from(text)
    this.#spots = spots
  }

  get statements(): readonly CompiledStatement[] {
    return this.#shared.plan.statements
  }

  get checks(): readonly TenantCheck[] {
    return this.#shared.plan.checks
  }

  /** A literal that may mean a moment isn't lifted. */
  get namesMoment(): boolean {
    return this.#shared.plan.namesMoment
  }

  bind(tenants: readonly TenantId[]): VerifiedSql {
    return this.#shared.bind(this.#text, this.#spots, tenants)
  }

  originalPosition(tenants: readonly TenantId[], position: number): number {
    this.#own ??= this.#shared.planOf(this.#text, this.#spots)
    return this.#own.originalPosition(tenants, position)
  }
}
