import { GatewayError } from '../core/errors.js'
import type { UserType } from '../schema/functions.js'
import type { CompileContext } from './compiled.js'
import { bindType } from './resolve/type-names.js'

/** The first OID that isn't the server's own. */
const FIRST_USER_OID = 16_384

/**
 * Decides about the types that Parse declares, by OID: in Bind the server makes values of them, whether the text names them or not.
 *
 * Throws   TYPE_UNKNOWN, TYPE_DENIED
 */
export function authorizeParameterTypes(context: CompileContext): void {
  for (const oid of context.parameterTypes) if (oid >= FIRST_USER_OID) authorizeType(oid, context)
}

function authorizeType(oid: number, context: CompileContext): void {
  const type = typeOf(oid, context)
  if (type === undefined) throw new GatewayError('TYPE_UNKNOWN', { type: String(oid) })
  const { verdict, reason } = bindType([type.schema, type.name], context)
  if (verdict === 'allowed') return
  throw new GatewayError('TYPE_DENIED', { type: type.name }, reason === null ? {} : { detail: reason })
}

/** Of an array what it is an array of. */
function typeOf(oid: number, { snapshot }: CompileContext): UserType | undefined {
  for (const types of snapshot.types.values()) {
    const found = types.find((type) => type.oid === oid || type.arrayOid === oid)
    if (found !== undefined) return found
  }
  return undefined
}
