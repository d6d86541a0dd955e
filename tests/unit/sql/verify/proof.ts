import { GatewayError } from '../../../../src/core/errors.js'
import type { CopyIn, TenantCheck } from '../../../../src/sql/compiled.js'
import { parseText } from '../../../../src/sql/parser.js'
import { verify } from '../../../../src/sql/verify/verify.js'
import { POLICY, SNAPSHOT } from '../../../support/sql-world.js'

const SENTINEL = { one: 'acme', list: 'acme' }

/** What the proof is told beside the texts. */
interface Promises {
  readonly checks?: readonly TenantCheck[]
  readonly copies?: readonly (CopyIn | undefined)[]
}

/** Whether `verify` lets a scoped text of the tenant `acme` through; anything but a refusal of its own is thrown. */
export function isProven(
  original: string,
  scoped: string,
  { checks = [], copies = [] }: Promises = {},
): boolean {
  const statements = parseText(original).stmts ?? []
  const context = { snapshot: SNAPSHOT, policy: POLICY, sentinel: SENTINEL, checks, copies }
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
