import { untag } from '../../../src/sql/ast/walk.js'
import { authorize } from '../../../src/sql/authorize.js'
import type { CompileContext, CopyIn, TenantCheck } from '../../../src/sql/compiled.js'
import { type ParsedText, parse } from '../../../src/sql/parse.js'
import { resolve } from '../../../src/sql/resolve/resolve.js'
import { aliasPrefix } from '../../../src/sql/scope/alias-prefix.js'
import { copyInOf } from '../../../src/sql/scope/copy-in.js'
import type { Edit } from '../../../src/sql/scope/edit.js'
import { strengthOf } from '../../../src/sql/scope/leak.js'
import type { Strength } from '../../../src/sql/scope/pin.js'
import { preparedTypes } from '../../../src/sql/scope/prepared-types.js'
import { scope, scopeLookups } from '../../../src/sql/scope/scope.js'
import { TextNames } from '../../../src/sql/text-names.js'
import { CONTEXT } from '../../support/sql-world.js'

/** What the stages before splicing make of a text. */
export interface Scoping {
  readonly parsed: ParsedText
  /** In the order in which the rules made them. */
  readonly edits: readonly Edit[]
  readonly checks: readonly TenantCheck[]
  /** By statement. */
  readonly copies: readonly (CopyIn | undefined)[]
  /** Of the first statement. */
  readonly strength: Strength
}

/** The edits of a text whose statements leave the search path alone. */
export function scoping(text: string, given: Partial<CompileContext> = {}): Scoping {
  const base = { ...CONTEXT, ...given, text: Buffer.from(text) }
  const parsed = parse(base.text, { maxTextBytes: 1_000_000 })
  const edits: Edit[] = []
  const checks: TenantCheck[] = []
  const copies: (CopyIn | undefined)[] = []
  const strengths: Strength[] = []
  const names = new TextNames(base)
  for (const raw of parsed.statements) {
    const { searchPath, temporaries, hasPrepared } = names
    const context = {
      ...base,
      searchPath,
      temporaries,
      parameterTypes: preparedTypes(raw, base) ?? base.parameterTypes,
    }
    const resolution = resolve(raw, context)
    for (const effect of resolution.effects) names.follow(effect)
    authorize(resolution, context)
    const strength = strengthOf(raw, resolution, context)
    strengths.push(strength)
    const lookups = scopeLookups(raw, parsed.tokens, { ...context, resolution })
    const scopeContext = {
      ...lookups,
      resolution,
      strength,
      searchPath,
      hasPrepared,
      checks,
      repeated: [],
      aliasPrefix: aliasPrefix(text),
    }
    edits.push(...scope(raw, scopeContext))
    const [load] = resolution.loads
    copies.push(load && copyInOf(load, scopeContext, context.snapshot.serverVersion))
  }
  return { parsed, edits, checks, copies, strength: strengths[0] ?? 'plain' }
}

/** Whether a text moves the search path, which the compiler alone follows from statement to statement. */
export function movesSearchPath(parsed: ParsedText): boolean {
  return parsed.statements.some((raw) => {
    const statement = untag(raw.stmt ?? {})
    return JSON.stringify(statement?.struct).includes('search_path') && parsed.statements.length > 1
  })
}
