import type { FuncCall } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { unsupported } from '../refusals.js'
import { strings } from '../resolve/outputs.js'
import { afterName, closing, depthChange, isCharacter, isWord, tokenAt } from '../token-reader.js'
import type { ScopeContext } from './context.js'
import { type Edit, insert, ONE, type Piece } from './edit.js'

/** The tokens around the arguments of a call: its brackets, and the commas between. */
interface Brackets {
  readonly open: number
  readonly commas: readonly number[]
  readonly close: number
}

const CALL = new Set(['funcname', 'args', 'funcformat', 'location'])

/**
 * Makes the key of an advisory lock, or the channel of a notification, the tenant's own.
 *
 * The client's expression stands in the call once, where it stood: it may be volatile, and gives a parameter its type. What is
 * hashed is long enough that no key of one tenant's can be made to meet another's on purpose, and tells one key from two.
 * NULL stays NULL; a channel's name that is empty or too long becomes NULL, which the server refuses as it does those.
 *
 * Shape    pg_advisory_lock(key)     →  pg_advisory_lock(first eight bytes of the hash of 'acme/1/' and key)
 *          pg_notify(channel, text)  →  pg_notify('tg_' and the hash of 'acme/' and channel, text)
 */
export function namespaceCall(call: FuncCall, context: ScopeContext): readonly Edit[] {
  const name = strings(call.funcname).at(-1) ?? ''
  const count = call.args?.length ?? 0
  const isNotify = name === 'pg_notify'
  const position = context.position(call.location)
  if (isNotify ? count !== 2 : count !== 1 && count !== 2)
    throw new GatewayError('FUNCTION_UNKNOWN', { function: `${name}()` }, { position })
  const brackets = bracketsOf(call, context)
  if (brackets === null) throw unsupported('callForm', { position, about: { function: name } })
  if (isNotify) return channelEdits(brackets, context)
  return count === 1 ? keyEdits(brackets, context) : keysEdits(brackets, context)
}

/** Null for any form but plain arguments: ALL leaves no trace in the tree. */
function bracketsOf(call: FuncCall, { tokens }: ScopeContext): Brackets | null {
  const isPlain = Object.entries(call).every(([field, value]) => CALL.has(field) || value === false)
  const isNamed = (call.args ?? []).some((argument) => 'NamedArgExpr' in argument)
  const open = afterName(tokens, tokenAt(tokens, call.location ?? 0))
  if (!isPlain || isNamed || !isCharacter(tokens, open, '(') || isWord(tokens, open + 1, 'all')) return null
  const close = closing(tokens, open)
  const commas: number[] = []
  let depth = 0
  for (let at = open; at < close; at += 1) {
    depth += depthChange(tokens, at)
    if (depth === 1 && isCharacter(tokens, at, ',')) commas.push(at)
  }
  return commas.length === (call.args?.length ?? 0) - 1 ? { open, commas, close } : null
}

const DIGEST = 'pg_catalog.encode(pg_catalog.sha256(pg_catalog.byteacat('

function keyEdits({ open, close }: Brackets, context: ScopeContext): readonly Edit[] {
  return [
    behind(open, context, `pg_catalog.hashtextextended(${DIGEST}'`, ONE, "/1/', pg_catalog.int8send("),
    before(close, context, "))), 'hex'), 0)"),
  ]
}

function keysEdits({ open, commas: [comma = 0], close }: Brackets, context: ScopeContext): readonly Edit[] {
  const ofTwo = "/2/', pg_catalog.byteacat(pg_catalog.int4send("
  return [
    behind(open, context, `pg_catalog.hashtextextended(${DIGEST}'`, ONE, ofTwo),
    before(comma, context, ')'),
    before(comma + 1, context, 'pg_catalog.int4send('),
    before(close, context, ")))), 'hex'), 0)"),
  ]
}

function channelEdits({ open, commas: [comma = 0] }: Brackets, context: ScopeContext): readonly Edit[] {
  const name = "/', pg_catalog.decode(pg_catalog.substring(pg_catalog.encode(pg_catalog.convert_to("
  return [
    behind(open, context, `pg_catalog.textcat('tg_', pg_catalog.left(${DIGEST}'`, ONE, name),
    before(comma, context, ", 'UTF8'), 'hex'), '^(?:..){1,63}$'), 'hex'))), 'hex'), 40))"),
  ]
}

function behind(token: number, { tokens }: ScopeContext, ...pieces: Piece[]): Edit {
  return insert(tokens.ends[token] ?? 0, ...pieces)
}

function before(token: number, { tokens }: ScopeContext, ...pieces: Piece[]): Edit {
  return insert(tokens.starts[token] ?? 0, ...pieces)
}
