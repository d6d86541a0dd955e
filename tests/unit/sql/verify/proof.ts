import { GatewayError } from '../../../../src/core/errors.js'
import type { CopyIn, TenantCheck } from '../../../../src/sql/compiled.js'
import { parseText } from '../../../../src/sql/parser.js'
import { verify } from '../../../../src/sql/verify/verify.js'
import type { ScopedKind } from '../../../../src/tenants/login.js'
import { POLICY, SNAPSHOT } from '../../../support/sql-world.js'

/** As for one tenant, and as for several: then nothing may name a single one. */
const SENTINEL = { one: 'acme', list: 'acme' }
const SEVERAL = { one: 'nobody', list: 'acme' }

/** What the proof is told beside the texts. */
interface Promises {
  readonly checks?: readonly TenantCheck[]
  readonly copies?: readonly (CopyIn | undefined)[]
  readonly kind?: ScopedKind
}

/** Whether `verify` lets a scoped text of the tenant `acme` through; anything but a refusal of its own is thrown. */
export function isProven(
  original: string,
  scoped: string,
  { checks = [], copies = [], kind = 'app' }: Promises = {},
): boolean {
  const statements = parseText(original).stmts ?? []
  const sentinel = kind === 'analyst' ? SEVERAL : SENTINEL
  const readOnly = kind !== 'app'
  const context = { snapshot: SNAPSHOT, policy: POLICY, sentinel, readOnly, checks, copies }
  try {
    verify(statements, Buffer.from(scoped), context)
    return true
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'ISOLATION_UNPROVEN') return false
    throw error
  }
}

export const EQUALS = 'OPERATOR(pg_catalog.=)'
export const PIN = `orders.tenant_id ${EQUALS} 'acme'`
export const ORDERS = `(public.orders JOIN (SELECT) AS _tg1 ON ${PIN})`
export const USERS = `(public.users JOIN (SELECT) AS _tg2 ON users.tenant_id ${EQUALS} 'acme')`
