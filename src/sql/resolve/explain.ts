import type { ExplainStmt } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { untag } from '../ast/walk.js'
import type { Output, Resolver } from './resolution.js'

/** EXPLAIN of a statement, which is resolved like any other. */
export function resolveExplain(resolver: Resolver, statement: ExplainStmt): readonly Output[] | null {
  const query = untag(statement.query ?? {})
  if (query?.kind === 'CreateTableAsStmt')
    throw new GatewayError('UNSUPPORTED_STATEMENT', { statement: 'EXPLAIN CREATE TABLE AS' })
  resolver.resolution.explains.push(statement)
  return resolver.statement(statement.query ?? {}, { ctes: null, ranges: null })
}
