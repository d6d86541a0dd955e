import type { RawStmt } from '@pgsql/types'
import { accessOf } from '../../policy/decide.js'
import { untag } from '../ast/walk.js'
import type { CompileContext } from '../compiled.js'
import type { Tokens } from '../lexer.js'
import { characterPosition } from '../position.js'
import type { WriteSite } from '../resolve/resolution.js'
import { SEARCH_PATH } from '../resolve/settings.js'
import type { ScopeContext } from './context.js'
import type { Edit } from './edit.js'
import { guardRead } from './guard-read.js'
import { pinDelete, pinUpdate } from './pin-write.js'
import { stampInsert } from './stamp-insert.js'
import {
  expandTable,
  isShowSearchPath,
  shadowSearchPath,
  shadowSetConfig,
  showSearchPath,
} from './utility.js'

/**
 * Turns the bindings of one statement into edits of its text.
 *
 * Reads come before writes: where a FROM list ends the statement, its guards close before the WHERE that is added.
 */
export function scope(raw: RawStmt, context: ScopeContext): readonly Edit[] {
  const { resolution } = context
  const statement = untag(raw.stmt ?? {})
  const sets = resolution.settings.some((setting) => setting.access === 'set' && setting.name === SEARCH_PATH)
  if (sets && statement?.kind === 'VariableSetStmt') return shadowSearchPath(raw, context)
  if (isShowSearchPath(raw)) return showSearchPath(raw, context)
  return [
    ...resolution.tableCommands.flatMap((rangeVar) => expandTable(rangeVar, context)),
    ...resolution.relations.filter((site) => site.use === 'read').flatMap((site) => guardRead(site, context)),
    ...[...resolution.trackedCalls].flatMap((call) => shadowSetConfig(call, context)),
    ...resolution.writes.flatMap((site) => write(site, context)),
  ]
}

function write(site: WriteSite, context: ScopeContext): readonly Edit[] {
  switch (site.kind) {
    case 'insert':
      return stampInsert(site, context)
    case 'update':
      return pinUpdate(site, context)
    case 'delete':
      return pinDelete(site, context)
  }
}

/** Names that begin with a prefix which stands nowhere in the text, in any case or escape. */
export function guardNames(text: string): () => string {
  let prefix = '_tg'
  while (text.toLowerCase().includes(prefix)) prefix += '_'
  let count = 0
  return () => {
    count += 1
    return `${prefix}${count}`
  }
}

/** The part of the context that depends on the compilation alone. */
export function scopeLookups(
  tokens: Tokens,
  { snapshot, policy }: Pick<CompileContext, 'snapshot' | 'policy'>,
): Pick<ScopeContext, 'tokens' | 'tenantColumnOf' | 'position'> {
  return {
    tokens,
    tenantColumnOf(schema, name) {
      const access = accessOf({ schema, name }, snapshot, policy)
      return access?.kind === 'tenant' ? access.column : null
    },
    position: (byteOffset) => characterPosition(tokens.text, Math.max(0, byteOffset ?? 0)),
  }
}
