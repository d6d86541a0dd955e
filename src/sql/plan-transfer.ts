import { GatewayError } from '../core/errors.js'
import type { TenantId } from '../core/ids.js'
import type { CompiledStatement, TenantCheck, VerifiedSql } from './compiled.js'
import { Plan } from './plan.js'
import { Template } from './template.js'

/** A check without its parameter's number. */
type CheckShape = TenantCheck extends infer Check ? Omit<Check & TenantCheck, 'number'> : never

/** A list whose entries repeat: each of them once, and which stands where. */
interface Repeating<T> {
  readonly distinct: readonly T[]
  readonly order: Int32Array
}

/** A plan in a form that one thread can give another without the other being held up: a few blocks of bytes. */
export interface PlanTransfer {
  readonly text: Uint8Array
  readonly fixed: Uint8Array
  readonly holes: Int32Array
  readonly channels: readonly string[]
  readonly edits: Int32Array
  readonly statements: Repeating<CompiledStatement>
  readonly checks: Repeating<CheckShape>
  /** The number of each check's parameter, 0 for none. */
  readonly numbers: Int32Array
  readonly namesMoment: boolean
  readonly repeats: boolean
  /** For those who wait: whoever gets the plan needn't fill it. */
  readonly bound: { readonly tenants: readonly TenantId[]; readonly sql: Uint8Array }
}

/** Texts of thousands of statements repeat a few shapes; objects are what is dear to hand over. */
const MAX_DISTINCT = 10_000

/**
 * Takes a plan apart. What is in it is as proven as it was: the bytes are those that were verified.
 *
 * Throws   STATEMENT_TOO_COSTLY, and what `bind` throws
 */
export function packPlan(plan: Plan, tenants: readonly TenantId[]): PlanTransfer {
  const { template, statements, checks, namesMoment, repeats } = plan
  const { text, fixed, holes, channels, edits } = template.data
  const due = withoutRepeatedLiterals(checks)
  return {
    text: ownBytes(text),
    fixed: ownBytes(fixed),
    holes,
    channels: atMost(channels),
    edits,
    statements: pack(statements),
    checks: pack(due.map(withoutNumber)),
    numbers: Int32Array.from(due, (check) => ('number' in check ? check.number : 0)),
    namesMoment,
    repeats,
    bound: { tenants, sql: ownBytes(plan.bind(tenants)) },
  }
}

export function unpackPlan(transfer: PlanTransfer): Plan {
  const { holes, channels, edits, numbers, namesMoment, repeats, bound } = transfer
  const template = new Template({
    text: bufferOf(transfer.text),
    fixed: bufferOf(transfer.fixed),
    holes,
    channels,
    edits,
  })
  const checks = unpack(transfer.checks).map((shape, index) => withNumber(shape, numbers[index] ?? 0))
  const parts = { template, statements: unpack(transfer.statements), checks, namesMoment, repeats }
  return new Plan(parts, { tenants: bound.tenants, sql: bufferOf(bound.sql) as VerifiedSql })
}

/** The memory that changes hands instead of being copied. */
export function transferredBuffers(transfer: PlanTransfer): readonly ArrayBufferLike[] {
  const { text, fixed, holes, edits, statements, checks, numbers, bound } = transfer
  return [text, fixed, holes, edits, statements.order, checks.order, numbers, bound.sql].map(
    ({ buffer }) => buffer,
  )
}

/** A literal that was the tenant once is the tenant each time. */
function withoutRepeatedLiterals(checks: readonly TenantCheck[]): readonly TenantCheck[] {
  const seen = new Set<string>()
  return checks.filter((check) => {
    if (check.kind !== 'literal') return true
    const key = JSON.stringify(check)
    return !seen.has(key) && seen.add(key)
  })
}

function withoutNumber(check: TenantCheck): CheckShape {
  if (check.kind === 'literal') return check
  const { number: _, ...shape } = check
  return shape
}

function withNumber(shape: CheckShape, number: number): TenantCheck {
  return (shape.kind === 'literal' ? shape : { ...shape, number }) as TenantCheck
}

function pack<T>(list: readonly T[]): Repeating<T> {
  const indexes = new Map<string, number>()
  const distinct: T[] = []
  const order = Int32Array.from(list, (entry) => {
    const key = JSON.stringify(entry)
    const known = indexes.get(key)
    if (known !== undefined) return known
    indexes.set(key, distinct.length)
    return distinct.push(entry) - 1
  })
  return { distinct: atMost(distinct), order }
}

function atMost<T>(objects: readonly T[]): readonly T[] {
  if (objects.length <= MAX_DISTINCT) return objects
  const reason = `it has more than ${MAX_DISTINCT} different parts`
  throw new GatewayError('STATEMENT_TOO_COSTLY', { reason })
}

function unpack<T>({ distinct, order }: Repeating<T>): readonly T[] {
  return Array.from(order, (index) => distinct[index] as T)
}

/** A copy that shares its memory with nothing: small buffers are slices of one pool. */
function ownBytes(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes)
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
