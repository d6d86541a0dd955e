import type { RawStmt } from '@pgsql/types'
import { afterIdentifier, tokenAt } from '../token-reader.js'
import type { ScopeContext } from './context.js'
import { type Edit, replace } from './edit.js'
import { statementSpan } from './utility.js'

/** Shape    LISTEN news  →  LISTEN tg_…; NOTIFY and UNLISTEN likewise */
export function namespaceChannel(raw: RawStmt, context: ScopeContext): readonly Edit[] {
  const { resolution, tokens } = context
  return resolution.channels.map(({ name }) => {
    const [from] = statementSpan(raw, context)
    const written = tokenAt(tokens, from) + 1
    const end = tokens.ends[afterIdentifier(tokens, written) - 1] ?? 0
    return replace(tokens.starts[written] ?? 0, end, { hole: 'channel', name })
  })
}
