import type { CreateExtensionStmt } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { statementHint } from '../ast/statement-names.js'
import type { CompileContext } from '../compiled.js'

/** CREATE EXTENSION IF NOT EXISTS: object mappers send it at each connect; where the extension exists, it does nothing. */
export function resolveExtension(
  { extname = '' }: CreateExtensionStmt,
  { snapshot }: Pick<CompileContext, 'snapshot'>,
): null {
  if (snapshot.extensions.has(extname)) return null
  throw new GatewayError(
    'UNSUPPORTED_STATEMENT',
    { statement: 'CREATE EXTENSION of one that does not exist yet' },
    { hint: statementHint('CreateExtensionStmt') },
  )
}
