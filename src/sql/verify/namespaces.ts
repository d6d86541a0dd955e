import { createHash } from 'node:crypto'
import { isTree, list, names, node, type Sentinel, stringConstant, type Tree } from './shapes.js'
import { unproven } from './tenant-value.js'

const NAMESPACED = /^pg_(?:notify|(?:try_)?advisory_(?:xact_)?(?:un)?lock(?:_shared)?)$/
const CHANNEL = /^tg_[0-9a-f]{40}$/
const WITHIN_LIMITS = '^(?:..){1,63}$'

/** A channel of the tenant's, as the server has to know it. */
function ownChannel(sentinel: Sentinel, name: string): string {
  const hash = createHash('sha256').update(Buffer.from(`${sentinel.one}/${name}`, 'utf8'))
  return 'tg_'.concat(hash.digest().toString('hex', 0, 20))
}

/**
 * Proves that an object of the tree names no key and no channel that all tenants share.
 *
 * Throws   ISOLATION_UNPROVEN
 */
export function proveNamespaces(value: Tree, sentinel: Sentinel): void {
  const { conditionname: channel } = value
  if (channel !== undefined && !CHANNEL.test(String(channel))) throw unproven({ relname: 'a channel' })
  if (isNamespaced(names(value.funcname) ?? []) && withoutNamespace(value, sentinel) === null)
    throw unproven({ relname: 'a key or a channel' })
  // (x).f calls the function f with x
  const fields = list(node(value, 'A_Indirection')?.indirection)
  if (fields.some((field) => NAMESPACED.test(String(node(field, 'String')?.sval))))
    throw unproven({ relname: 'a key or a channel' })
}

/**
 * LISTEN, NOTIFY or UNLISTEN with the client's name again, where the scoped one is exactly the tenant's; else without any.
 *
 * The client may have written what another tenant's looks like: that it stands there as written proves nothing.
 */
export function withoutChannel(original: Tree, scoped: Tree, sentinel: Sentinel): Tree {
  const { conditionname: channel } = original
  if (channel === undefined) return scoped
  const isOwn = typeof channel === 'string' && scoped.conditionname === ownChannel(sentinel, channel)
  return { ...scoped, conditionname: isOwn ? channel : null }
}

/** The call with the client's own arguments; null where it isn't exactly what makes them the tenant's. */
export function withoutNamespace(call: Tree, sentinel: Sentinel): Tree | null {
  const path = names(call.funcname) ?? []
  const [first, ...rest] = list(call.args)
  if (!isNamespaced(path)) return null
  const own = path.at(-1) === 'pg_notify' ? channelOf(first, sentinel) : keysOf(first, sentinel)
  if (own === null || rest.length !== (path.at(-1) === 'pg_notify' ? 1 : 0)) return null
  return { ...call, args: [...own, ...rest] }
}

function isNamespaced(path: readonly string[]): boolean {
  return NAMESPACED.test(path.at(-1) ?? '') && (path.at(-2) ?? 'pg_catalog') === 'pg_catalog'
}

/** `textcat('tg_', left(<digest of 'tenant/' and the name's bytes>, 40))` */
function channelOf(value: unknown, sentinel: Sentinel): readonly unknown[] | null {
  const [prefix, rest] = argumentsOf(value, 'textcat', 2)
  const [digest, length] = argumentsOf(rest, 'left', 2)
  if (stringConstant(prefix) !== 'tg_' || number(length) !== 40) return null
  const [hexadecimal, format] = argumentsOf(hashed(digest, `${sentinel.one}/`), 'decode', 2)
  const [bytes, limits] = argumentsOf(hexadecimal, 'substring', 2)
  const [converted, shown] = argumentsOf(bytes, 'encode', 2)
  const [name, encoding] = argumentsOf(converted, 'convert_to', 2)
  const texts = [format, limits, shown, encoding].map(stringConstant)
  const isExact = texts.join(' ') === `hex ${WITHIN_LIMITS} hex UTF8`
  return isExact && name !== undefined ? [name] : null
}

/** `hashtextextended(<digest of 'tenant/1/' and the key's bytes>, 0)`, or of `'tenant/2/'` and two keys' */
function keysOf(value: unknown, sentinel: Sentinel): readonly unknown[] | null {
  const [digest, seed] = argumentsOf(value, 'hashtextextended', 2)
  if (number(seed) !== 0) return null
  const [key] = argumentsOf(hashed(digest, `${sentinel.one}/1/`), 'int8send', 1)
  if (key !== undefined) return [key]
  const pair = argumentsOf(hashed(digest, `${sentinel.one}/2/`), 'byteacat', 2)
  const keys = pair.flatMap((half) => argumentsOf(half, 'int4send', 1))
  return keys.length === 2 ? keys : null
}

/** What is hashed behind the prefix in `encode(sha256(byteacat('prefix', …)), 'hex')`. */
function hashed(value: unknown, prefix: string): unknown {
  const [digest, format] = argumentsOf(value, 'encode', 2)
  const [bytes] = argumentsOf(digest, 'sha256', 1)
  const [first, rest] = argumentsOf(bytes, 'byteacat', 2)
  return stringConstant(format) === 'hex' && stringConstant(first) === prefix ? rest : undefined
}

const PLAIN = new Set(['funcname', 'args', 'funcformat', 'location'])

/** The arguments of a plain call of this function of pg_catalog; none for anything else. */
function argumentsOf(value: unknown, name: string, count: number): readonly unknown[] {
  const call = node(value, 'FuncCall')
  if (call === null || !Object.keys(call).every((field) => PLAIN.has(field))) return []
  const args = list(call.args)
  const isCall = names(call.funcname)?.join('.') === `pg_catalog.${name}` && args.length === count
  return isCall ? args : []
}

function number(value: unknown): number | null {
  const ival = node(value, 'A_Const')?.ival
  return isTree(ival) ? Number(ival.ival ?? 0) : null
}
