import { randomBytes } from 'node:crypto'

declare const brand: unique symbol
type Branded<T, B extends string> = T & { readonly [brand]: B }

/** A tenant's id as text: `[A-Za-z0-9_-]{1,63}`, an integer, or a uuid; needs no quoting anywhere. */
export type TenantId = Branded<string, 'TenantId'>
export type LoginName = Branded<string, 'LoginName'>
/** What ties a client's error message to its audit event. */
export type IncidentId = Branded<string, 'IncidentId'>

const TENANT_ID = /^[A-Za-z0-9_-]{1,63}$/

export const TenantId = {
  /** Whether the text may stand between quotes in SQL as a tenant's id. */
  is(text: string): text is TenantId {
    return TENANT_ID.test(text)
  },
  /** Throws a RangeError on any other text. */
  of(text: string): TenantId {
    if (!TenantId.is(text))
      throw new RangeError(`not a tenant id: ${JSON.stringify(text)} ([A-Za-z0-9_-], 1 to 63 characters)`)
    return text
  },
} as const

export const LoginName = {
  of(text: string): LoginName {
    return text as LoginName
  },
} as const

export const IncidentId = {
  /** 12 lower-case hexadecimal digits: short enough to read out on the phone. */
  create(): IncidentId {
    return randomBytes(6).toString('hex') as IncidentId
  },
} as const
