import type { RawStmt } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import type { CopyIn } from '../compiled.js'
import { isExhausted, parseText } from '../parser.js'
import { proveFaithful } from './faithful.js'
import { proveIsolated } from './isolated.js'
import type { ProofContext } from './relations.js'

interface TextProofContext extends Omit<ProofContext, 'copyIn' | 'ours'> {
  /** By statement. */
  readonly copies?: readonly (CopyIn | undefined)[]
}

/**
 * Proves a scoped text, starting again from the text: that it is isolated, and that it says what the original said.
 *
 * Nothing here shares code with the stages that made the text, the tree walk included; what can't be proven is refused.
 *
 * Throws   ISOLATION_UNPROVEN, STATEMENT_TOO_COMPLEX
 */
export function verify(original: readonly RawStmt[], scoped: Buffer, context: TextProofContext): void {
  const statements = reparse(scoped)
  if (statements.length !== original.length)
    throw new GatewayError('ISOLATION_UNPROVEN', { relation: 'the statement' })
  statements.forEach((statement, index) => {
    const own: ProofContext = { ...context, copyIn: context.copies?.[index], ours: new Map() }
    proveIsolated(statement.stmt, own)
    proveFaithful(original[index]?.stmt, statement.stmt, own)
  })
}

function reparse(scoped: Buffer): readonly RawStmt[] {
  try {
    return parseText(scoped.toString('utf8')).stmts ?? []
  } catch (cause) {
    if (isExhausted(cause)) throw new GatewayError('STATEMENT_TOO_COMPLEX', {}, { cause })
    throw new GatewayError('ISOLATION_UNPROVEN', { relation: 'the statement' }, { cause })
  }
}
