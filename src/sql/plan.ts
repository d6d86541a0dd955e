import { GatewayError } from '../core/errors.js'
import type { TenantId } from '../core/ids.js'
import type { CompiledStatement, CompiledText, TenantCheck, VerifiedSql } from './compiled.js'
import type { Spots } from './lifted-literals.js'
import { Template, type TemplateData } from './template.js'
import { isTenantText } from './tenant-text.js'

/** How many tenants' texts a plan remembers, as long as they aren't large; the rest are filled again each time. */
const MAX_BOUND = 64
const MAX_BOUND_BYTES = 262_144

/** What a plan is made of. */
export interface PlanParts {
  readonly template: Template
  readonly statements: readonly CompiledStatement[]
  readonly checks: readonly TenantCheck[]
  readonly namesMoment: boolean
  /** Whether some of the client's text stands in the scoped text twice. */
  readonly repeats: boolean
}

/** A text that was bound where the plan was made. */
export interface BoundText {
  readonly tenants: readonly TenantId[]
  readonly sql: VerifiedSql
}

/** A compiled text whose proof stands for every tenant: only the id between the quotes differs. */
export class Plan implements CompiledText {
  readonly statements: readonly CompiledStatement[]
  readonly checks: readonly TenantCheck[]
  readonly namesMoment: boolean
  uses = 0
  readonly template: Template
  readonly repeats: boolean
  readonly #bound = new Map<string, VerifiedSql>()

  constructor(
    { template, statements, checks, namesMoment, repeats }: PlanParts,
    bound: BoundText | null = null,
  ) {
    this.template = template
    this.repeats = repeats
    this.statements = statements
    this.checks = checks
    this.namesMoment = namesMoment
    if (bound !== null) this.#bound.set(keyOf(bound.tenants), bound.sql)
  }

  bind(tenants: readonly TenantId[]): VerifiedSql {
    const key = keyOf(tenants)
    const known = this.#bound.get(key)
    if (known !== undefined) return known
    for (const check of this.checks) checkLiteral(check, tenants)
    const { one, list } = fillings(tenants)
    const text = this.template.fill(one, list) as VerifiedSql
    if (this.#bound.size * text.length >= MAX_BOUND_BYTES || this.#bound.size >= MAX_BOUND)
      this.#bound.clear()
    this.#bound.set(key, text)
    return text
  }

  /**
   * Whether it can serve texts that differ from its own in literals.
   *
   * Where some of the client's text stands in the scoped text twice, only one place would be given another text's.
   */
  get isShareable(): boolean {
    const [statement, ...others] = this.statements
    const isPlain = statement !== undefined && statement.effects.length === 0 && statement.tag === null
    return others.length === 0 && isPlain && !this.repeats && this.template.data.channels.length === 0
  }

  /** Whether a literal of the client's text, by its number, stands in the scoped text as it is. */
  keeps(spots: Spots, index: number): boolean {
    const [start, end] = [spots[2 * index] ?? 0, spots[2 * index + 1] ?? 0]
    const [first, last] = [start, end - 1].map((offset) => this.template.scopedOffset(fillings([]), offset))
    return typeof first === 'number' && typeof last === 'number' && last - first === end - 1 - start
  }

  /** The same plan of another text. */
  withTemplate(data: TemplateData): Plan {
    const { statements, checks, namesMoment, repeats } = this
    return new Plan({ template: new Template(data), statements, checks, namesMoment, repeats })
  }

  /** Whether two plans are one in everything. */
  isSame(other: Plan): boolean {
    return JSON.stringify(partsOf(this)) === JSON.stringify(partsOf(other))
  }

  /** Where bytes of the client's text stand in a tenant's scoped text. */
  scopedOffsets(tenants: readonly TenantId[], offsets: readonly number[]): readonly number[] {
    const filled = fillings(tenants)
    return offsets.map((offset) => this.template.scopedOffset(filled, offset) ?? -1)
  }

  originalPosition(tenants: readonly TenantId[], position: number): number {
    return this.template.originalPosition(fillings(tenants), position)
  }
}

function partsOf({ template, statements, checks, namesMoment, repeats }: Plan): unknown {
  const { text, fixed, holes, channels, edits } = template.data
  const bytes = [text, fixed].map((buffer) => buffer.toString('latin1'))
  return { bytes, holes, channels, edits, statements, checks, namesMoment, repeats }
}

function keyOf(tenants: readonly TenantId[]): string {
  return tenants.length === 1 ? (tenants[0] ?? '') : tenants.join(',')
}

function checkLiteral(check: TenantCheck, tenants: readonly TenantId[]): void {
  if (check.kind !== 'literal') return
  const [tenant] = tenants
  if (tenants.length === 1 && tenant !== undefined && isTenantText(check.value, tenant, check.type)) return
  throw new GatewayError(
    'TENANT_MISMATCH',
    { relation: check.relation },
    { hint: 'Leave the tenant column out; the gateway supplies it.' },
  )
}

/** Tenant ids need no escaping by construction; NULL alone means something else inside an array literal. */
function fillings(tenants: readonly TenantId[]): { readonly one: string; readonly list: string } {
  return { one: tenants[0] ?? '', list: tenants.map((id) => (/^null$/i.test(id) ? `"${id}"` : id)).join(',') }
}
