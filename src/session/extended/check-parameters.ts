import { GatewayError } from '../../core/errors.js'
import type { TenantCheck } from '../../sql/compiled.js'
import { isSafePattern } from '../../sql/pattern-text.js'
import { patternError } from '../../sql/scope/pattern.js'
import { decodeFrame } from '../../wire/codec.js'
import type { Frame } from '../../wire/frame.js'
import { Bind } from '../../wire/messages/bind.js'
import type { ClientStatement } from '../client-statement.js'
import { tenantOf } from '../identity.js'
import type { Session } from '../session.js'
import { parameterText } from './parameter-text.js'

type PatternCheck = Extract<TenantCheck, { readonly kind: 'pattern' }>
type ParameterCheck = Extract<TenantCheck, { readonly kind: 'parameter' }>

/**
 * Compares the parameters that a statement writes into tenant columns with the session's tenant.
 *
 * Throws   TENANT_MISMATCH, PATTERN_ESCAPE
 */
export function checkParameters(session: Session, statement: ClientStatement, frame: Frame): void {
  const { checks } = statement.compiled
  if (checks.length === 0) return
  const message = decodeFrame(Bind, frame)
  for (const check of checks) {
    if (check.kind === 'parameter') checkParameter(session, check, message)
    else if (check.kind === 'pattern') checkPattern(check, message)
  }
}

function checkParameter(session: Session, check: ParameterCheck, message: Bind): void {
  const index = check.number - 1
  const { parameterFormats } = message
  // none means text for all, one stands for all
  const format = parameterFormats.length === 1 ? parameterFormats[0] : parameterFormats[index]
  const bytes = message.parameters[index] ?? null
  const value = bytes === null ? null : parameterText(bytes, format === 1 ? check.type : null)
  const tenant = tenantOf(session.identity)
  if (tenant === null || value !== tenant)
    throw new GatewayError('TENANT_MISMATCH', { relation: check.relation })
}

function checkPattern({ number, rule }: PatternCheck, message: Bind): void {
  const value = message.parameters[number - 1] ?? null
  if (value !== null && !isSafePattern(value.toString('utf8'), rule)) throw patternError(rule)
}
