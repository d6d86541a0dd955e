import type { GatewayError } from '../core/errors.js'
import type { Snapshot } from '../schema/snapshot.js'
import type { NodeKind } from './ast/grammar.js'
import { eachChild, type Struct, untag } from './ast/walk.js'
import { Token } from './lexer.js'
import type { ParsedText } from './parse.js'
import { characterPosition } from './position.js'
import { unsupported } from './refusals.js'

/** The version of the grammar that we parse with. */
const PARSER_VERSION = 18
const UNDERSCORED_OR_BASED = /_|^0[xob]/i

/**
 * The first version that has each of these, else takes the words for something else: `json_scalar(x)` is a call of
 * whatever function has that name, and `1_0` is 1 under the alias `_0` before 16.
 *
 * Source   PostgreSQL release notes 15 to 18; src/backend/parser/gram.y of each
 */
const FIRST_VERSIONS: ReadonlyMap<NodeKind, number> = new Map([
  ['MergeStmt', 15],
  ['JsonObjectConstructor', 16],
  ['JsonArrayConstructor', 16],
  ['JsonArrayQueryConstructor', 16],
  ['JsonObjectAgg', 16],
  ['JsonArrayAgg', 16],
  ['JsonIsPredicate', 16],
  ['JsonParseExpr', 17],
  ['JsonScalarExpr', 17],
  ['JsonSerializeExpr', 17],
  ['JsonFuncExpr', 17],
  ['JsonTable', 17],
  ['MergeSupportFunc', 17],
  ['ReturningOption', 18],
])

interface Server {
  readonly major: number
  readonly functions: Snapshot['functions']
}

/**
 * Refuses what the parser understands and an older server would read as something else.
 *
 * Throws   UNSUPPORTED_CONSTRUCT, with the position of the node or number
 */
export function requireServerGrammar(
  parsed: ParsedText,
  { serverVersion, functions }: Pick<Snapshot, 'serverVersion' | 'functions'>,
): void {
  const server: Server = { major: Math.floor(serverVersion / 10_000), functions }
  if (server.major >= PARSER_VERSION) return
  if (server.major < 16) requirePlainNumbers(parsed)
  const visit = (kind: NodeKind, struct: Struct): void => {
    const first = firstVersion(kind, struct, server)
    if (first > server.major) throw tooNew(parsed.text, struct.location, { construct: kind, first })
    eachChild(kind, struct, visit)
  }
  for (const { stmt } of parsed.statements) {
    const statement = untag(stmt ?? {})
    if (statement !== null) visit(statement.kind, statement.struct)
  }
}

function requirePlainNumbers({ text, tokens }: ParsedText): void {
  for (let i = 0; i < tokens.count; i += 1) {
    if (tokens.kinds[i] !== Token.number) continue
    const start = tokens.starts[i] ?? 0
    if (UNDERSCORED_OR_BASED.test(text.toString('latin1', start, tokens.ends[i] ?? 0)))
      throw tooNew(text, start, { construct: 'this form of number', first: 16 })
  }
}

function firstVersion(kind: NodeKind, struct: Struct, server: Server): number {
  if (kind === 'MergeStmt' && struct.returningClause !== undefined) return 17
  if (kind === 'MergeWhenClause' && struct.matchKind === 'MERGE_WHEN_NOT_MATCHED_BY_SOURCE') return 17
  if (kind === 'FuncCall') return firstVersionOfCall(struct, server)
  return FIRST_VERSIONS.get(kind) ?? 0
}

/** Calls that the grammar itself qualifies with pg_catalog, where an older server looks the name up. */
function firstVersionOfCall({ funcname }: Struct, { functions }: Server): number {
  const names = (funcname as readonly { readonly String?: { readonly sval?: string } }[]).map(
    (name) => name.String?.sval,
  )
  if (names.length !== 2 || names[0] !== 'pg_catalog') return 0
  if (names[1] === 'system_user') return 16
  return names[1] === 'json_object' && functions.has('json_object') ? 16 : 0
}

function tooNew(
  text: Buffer,
  location: unknown,
  about: { readonly construct: string; readonly first: number },
): GatewayError {
  const position =
    typeof location === 'number' && location >= 0 ? { position: characterPosition(text, location) } : {}
  return unsupported('tooNew', {
    ...position,
    about: { construct: about.construct, version: String(about.first) },
  })
}
