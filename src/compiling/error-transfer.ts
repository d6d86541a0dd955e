import { type ErrorCode, type ErrorContext, type ErrorParams, GatewayError } from '../core/errors.js'

/** Why a text wasn't compiled, as plain data; `bug` is the stack of what should not have happened. */
export type ErrorTransfer =
  | {
      readonly kind: 'refused'
      readonly code: ErrorCode
      readonly params: ErrorParams<ErrorCode>
      readonly context: ErrorContext
    }
  | { readonly kind: 'bug'; readonly stack: string }

/** Takes an error apart; of its cause the words stay. */
export function packError(error: unknown): ErrorTransfer {
  if (!(error instanceof GatewayError)) return { kind: 'bug', stack: stackOf(error) }
  const { code, detail, hint, position, cause } = error
  const params = error.params as ErrorParams<ErrorCode>
  const context = {
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...(position === undefined ? {} : { position }),
    ...(cause === undefined ? {} : { cause: String(cause) }),
  }
  return { kind: 'refused', code, params, context }
}

/** The same faces as the error had where it was thrown. */
export function unpackError(transfer: ErrorTransfer): Error {
  if (transfer.kind === 'bug') return new Error(`in a compile thread: ${transfer.stack}`)
  return new GatewayError(transfer.code, transfer.params, transfer.context)
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
