import type { TenantId } from '../core/ids.js'
import type { CompileContext } from '../sql/compiled.js'
import type { TextLimits } from '../sql/parse.js'
import type { PlanTransfer } from '../sql/plan-transfer.js'
import type { ErrorTransfer } from './error-transfer.js'
import type { SchemaMessage } from './schema-transfer.js'

/** What a thread is started with. */
export interface ThreadData {
  readonly limits: TextLimits
}

/** A text, after the schema that it is to be compiled under. */
export interface CompileMessage {
  readonly kind: 'compile'
  readonly text: Uint8Array
  readonly context: Omit<CompileContext, 'snapshot' | 'policy'>
  /** Whose scoped text is wanted. */
  readonly tenants: readonly TenantId[]
}

/** What a thread says first: from now on it is the texts that take time. */
export const READY = 'ready'

export type ThreadRequest = SchemaMessage | CompileMessage

/**
 * One for each text, in order.
 *
 * `memoryBytes`: what the thread holds then; a parser's memory never shrinks. `isSpent`: its parser can't be trusted any more.
 */
export type ThreadAnswer = { readonly memoryBytes: number; readonly isSpent: boolean } & (
  | { readonly plan: PlanTransfer }
  | { readonly error: ErrorTransfer }
)
