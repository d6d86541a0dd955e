import type { FuncCall, Node } from '@pgsql/types'
import { GatewayError } from '../../core/errors.js'
import { isSafePattern, type PatternRule } from '../pattern-text.js'
import { constantText, strings } from '../resolve/outputs.js'
import type { PatternSite } from '../resolve/resolution.js'
import type { ScopeContext } from './context.js'

/** The refusal of a pattern that could fail. */
export function patternError(rule: PatternRule, place: { readonly position?: number } = {}): GatewayError {
  if (rule.kind !== 'jsonpath') return new GatewayError('PATTERN_ESCAPE', {}, place)
  return new GatewayError(
    'UNSUPPORTED_CONSTRUCT',
    { construct: 'a jsonpath of dates or times as a filter' },
    place,
  )
}

const BACKSLASH: PatternRule = { kind: 'paired', escape: '\\' }
const PLAIN: PatternRule = { kind: 'plain' }

/**
 * Demands that a pattern can't fail on a value: neither a row's nor one of the statistics, which no pin confines.
 *
 * Literals are looked at now, parameters at Bind; a pattern that is computed is refused unless its end is known.
 *
 * Throws   PATTERN_ESCAPE, UNSUPPORTED_CONSTRUCT
 */
export function checkPattern(site: PatternSite, context: ScopeContext): void {
  const check = new PatternChecking(site, context)
  if (site.kind === 'like') check.like(site.pattern, BACKSLASH)
  else if (site.kind === 'like any') check.list(site.pattern)
  else check.value(site.pattern, { kind: 'jsonpath' }, () => undefined)
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

  list(node: Node | undefined): void {
    if (node !== undefined && 'A_ArrayExpr' in node)
      for (const element of node.A_ArrayExpr.elements ?? []) this.like(element, BACKSLASH)
    else
      this.value(node, PLAIN, () => {
        throw this.#refusal()
      })
  }

  /** A literal or parameter, under any cast; else what `computed` makes of it. */
  value(node: Node | undefined, rule: PatternRule, computed: (node: Node) => void): void {
    if (node === undefined) return
    if ('TypeCast' in node) {
      this.value(node.TypeCast.arg, rule, computed)
      return
    }
    if ('ParamRef' in node) {
      this.#context.checks.push({ kind: 'pattern', number: Number(node.ParamRef.number ?? 0), rule })
      return
    }
    const text = constantText(node)
    if (text !== null && !isSafePattern(text, rule)) {
      throw patternError(rule, { position: this.#context.position(this.#site.location) })
    }
    if (text === null && !('A_Const' in node)) computed(node)
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
    return new GatewayError(
      'UNSUPPORTED_CONSTRUCT',
      { construct: 'a LIKE pattern that is computed in this way' },
      {
        position: this.#context.position(this.#site.location),
        hint: "Give the pattern as a literal, as a parameter, or as a concatenation of those, such as '%' || $1 || '%'.",
      },
    )
  }
}
