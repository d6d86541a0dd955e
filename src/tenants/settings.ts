import { z } from 'zod'
import type { Limits, Tenant } from './tenant.js'

const count = z.int().min(0)

/** A tenant's own limits: every key may be left out, none may be misspelt. */
export const LimitsSchema = z.strictObject({
  connections: count,
  concurrentQueries: count,
  queriesPerSecond: z.number().min(0),
  statementTimeoutMs: count.max(2_147_483_647),
  idleInTransactionMs: count.max(2_147_483_647),
  resultRows: count,
  resultBytes: count,
  weight: z.number().min(0.01).max(100),
}) satisfies z.ZodType<Limits>

const object = z.record(z.string(), z.unknown())

/** `tenants.settings`; keys beside the three are the application's own and left alone. */
export const SettingsSchema = z.looseObject({
  features: object.default({}),
  branding: object.default({}),
  limits: LimitsSchema.partial().default({}),
})

export type SettingsResult =
  | { readonly ok: true; readonly settings: Tenant['settings'] }
  | { readonly ok: false; readonly problem: string }

/** Reads `tenants.settings`; a problem names the key's path. */
export function readSettings(value: unknown): SettingsResult {
  const result = SettingsSchema.safeParse(value)
  if (result.success) {
    const { features, branding, limits } = result.data
    return { ok: true, settings: { features, branding, limits: withoutUndefined(limits) } }
  }
  const [issue] = result.error.issues
  return { ok: false, problem: `${issue?.path.join('.') || 'settings'}: ${issue?.message ?? 'invalid'}` }
}

function withoutUndefined(limits: Readonly<Record<string, number | undefined>>): Partial<Limits> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined))
}
