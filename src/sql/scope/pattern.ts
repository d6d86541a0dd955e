import type { FuncCall, Node, TypeCast } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { isSafePattern, type PatternRule } from '../pattern-text.js'
import { unsupported } from '../refusals.js'
import { constantText, strings } from '../resolve/outputs.js'
import type { PatternSite } from '../resolve/resolution.js'
import type { ScopeContext } from './context.js'

/** The refusal of a pattern that could fail. */
export function patternError(rule: PatternRule, place: { readonly position?: number } = {}): GatewayError {
  if (rule.kind !== 'jsonpath') return new GatewayError('PATTERN_ESCAPE', {}, place)
  return unsupported('datetimePath', place)
}

const BACKSLASH: PatternRule = { kind: 'paired', escape: '\\' }
const PLAIN: PatternRule = { kind: 'plain' }
const JSONPATH: PatternRule = { kind: 'jsonpath' }

/**
 * Demands that a pattern can't fail on a value: neither a row's nor one of the statistics, which no pin confines.
 *
 * Literals are looked at now, parameters at Bind; a pattern that is computed is refused unless its end is known.
 *
 * Throws   PATTERN_ESCAPE, UNSUPPORTED_CONSTRUCT
 */
export function checkPattern(site: PatternSite, context: ScopeContext): void {
  const check = new PatternChecking(site, context)
  // in another type's text a backslash may mean something else
  const rule = isText(site.value, context) ? BACKSLASH : PLAIN
  if (site.kind === 'like') check.like(site.pattern, rule)
  else if (site.kind === 'like any') check.list(site.pattern)
  else if (!isDocument(site.value, context)) check.path(site.pattern)
}

class PatternChecking {
  readonly #site: PatternSite
  readonly #context: ScopeContext

  constructor(site: PatternSite, context: ScopeContext) {
    this.#site = site
    this.#context = context
  }

  like(pattern: Node | undefined, rule: PatternRule): void {
    this.value(pattern, rule, (node) => {
      if ('ColumnRef' in node && this.#context.resolution.columns.has(node.ColumnRef)) return
      if ('A_Expr' in node && strings(node.A_Expr.name).join('.') === '||')
        this.#appended([node.A_Expr.lexpr, node.A_Expr.rexpr])
      else if ('FuncCall' in node) this.#call(node.FuncCall, rule)
      else throw this.#refusal()
    })
  }

  /** A path may be cast to its type and, as a parameter, have any. */
  path(node: Node | undefined): void {
    const value = node !== undefined && 'TypeCast' in node ? node.TypeCast.arg : node
    if (value !== undefined && 'ParamRef' in value) {
      this.#context.checks.push({
        kind: 'pattern',
        number: Number(value.ParamRef.number ?? 0),
        rule: JSONPATH,
      })
    } else if (value !== undefined && constantText(value) === null) throw patternError(JSONPATH)
    else this.value(value, JSONPATH, () => undefined)
  }

  list(node: Node | undefined): void {
    if (node !== undefined && 'A_ArrayExpr' in node)
      for (const element of node.A_ArrayExpr.elements ?? []) this.like(element, BACKSLASH)
    else this.#array(node)
  }

  /** An array as one value: no escape anywhere in it, and so none in what it holds. */
  #array(node: Node | undefined): void {
    const value = node !== undefined && 'TypeCast' in node ? node.TypeCast.arg : node
    if (value !== undefined && 'ParamRef' in value) {
      this.#context.checks.push({ kind: 'pattern', number: Number(value.ParamRef.number ?? 0), rule: PLAIN })
    } else if (value === undefined || !isSafePattern(constantText(value) ?? '\\', PLAIN))
      throw this.#refusal()
  }

  /** A literal or parameter, as text; else what `computed` makes of it. */
  value(node: Node | undefined, rule: PatternRule, computed: (node: Node) => void): void {
    if (node === undefined) return
    if ('TypeCast' in node) this.#cast(node.TypeCast, rule, computed)
    else if ('ParamRef' in node) this.#parameter(Number(node.ParamRef.number ?? 0), rule)
    else if ('A_Const' in node) this.#literal(node, rule)
    else computed(node)
  }

  #cast(cast: TypeCast, rule: PatternRule, computed: (node: Node) => void): void {
    if (!isTextCast(cast)) throw this.#refusal()
    this.value(cast.arg, rule, computed)
  }

  #parameter(number: number, rule: PatternRule): void {
    if (!this.#context.isText(number)) throw this.#refusal()
    this.#context.checks.push({ kind: 'pattern', number, rule })
  }

  #literal(node: Node, rule: PatternRule): void {
    const text = constantText(node)
    if (text !== null && !isSafePattern(text, rule)) {
      throw patternError(rule, { position: this.#context.position(this.#site.location) })
    }
  }

  /** The last part decides unless it is empty, so each part has to end well, and the later ones hold no escape. */
  #appended(parts: readonly (Node | undefined)[]): void {
    const [first, ...rest] = parts
    this.like(first, BACKSLASH)
    for (const part of rest) this.like(part, PLAIN)
  }

  #call(call: FuncCall, rule: PatternRule): void {
    const name = strings(call.funcname).at(-1) ?? ''
    const [first, second] = call.args ?? []
    if (call.func_variadic === true) throw this.#refusal()
    if (name === 'lower' || name === 'upper') this.like(first, rule)
    else if (name === 'concat') this.#appended(call.args ?? [])
    else if (name === 'like_escape') this.#escaped(first, constantText(second))
    else throw this.#refusal()
  }

  /** LIKE … ESCAPE 'c': the character takes the place of the backslash, which then is an ordinary one. */
  #escaped(pattern: Node | undefined, character: string | null): void {
    if (character === null || [...character].length > 1) throw this.#refusal()
    this.value(pattern, { kind: 'paired', escape: character }, () => {
      throw this.#refusal()
    })
  }

  #refusal(): GatewayError {
    return unsupported('computedPattern', { position: this.#context.position(this.#site.location) })
  }
}

/** A cast to text or varchar without a length changes nothing. */
function isTextCast({ typeName }: TypeCast): boolean {
  const isPlain = typeName?.typmods === undefined && typeName?.arrayBounds === undefined
  return isPlain && TEXTS.has(strings(typeName?.names).at(-1) ?? '')
}

const TEXTS = new Set(['text', 'varchar'])
const TEXT_FUNCTIONS = new Set(['lower', 'upper', 'concat', 'btrim', 'initcap'])

/** Whether what is matched is surely text. */
function isText(value: Node | undefined, context: ScopeContext): boolean {
  if (value === undefined) return false
  if ('TypeCast' in value) return isTextCast(value.TypeCast)
  if ('FuncCall' in value) return TEXT_FUNCTIONS.has(strings(value.FuncCall.funcname).at(-1) ?? '')
  const type = 'ColumnRef' in value ? context.resolution.columns.get(value.ColumnRef)?.type : undefined
  return type === 'pg_catalog.text' || type === 'pg_catalog.varchar' || type === 'pg_catalog.bpchar'
}

/** Whether `@@` searches a document for words, and no value for a path. */
function isDocument(value: Node | undefined, context: ScopeContext): boolean {
  if (value === undefined) return false
  if ('FuncCall' in value) return strings(value.FuncCall.funcname).at(-1) === 'to_tsvector'
  if ('TypeCast' in value) return strings(value.TypeCast.typeName?.names).at(-1) === 'tsvector'
  return (
    'ColumnRef' in value && context.resolution.columns.get(value.ColumnRef)?.type === 'pg_catalog.tsvector'
  )
}
