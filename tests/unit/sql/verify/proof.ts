import { GatewayError } from '../../../../src/core/errors.js'
import type { TenantCheck } from '../../../../src/sql/compiled.js'
import { parseText } from '../../../../src/sql/parser.js'
import { verify } from '../../../../src/sql/verify/verify.js'
import { POLICY, SNAPSHOT } from '../../../support/sql-world.js'

const SENTINEL = { one: 'acme', list: 'acme' }

/** Whether `verify` lets a scoped text of the tenant `acme` through; anything but a refusal of its own is thrown. */
export function isProven(original: string, scoped: string, checks: readonly TenantCheck[] = []): boolean {
  const statements = parseText(original).stmts ?? []
  try {
    verify(statements, Buffer.from(scoped), {
      snapshot: SNAPSHOT,
      policy: POLICY,
      sentinel: SENTINEL,
      checks,
    })
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
