import type { Tokens } from './lexer.js'
import type { Spots } from './lifted-literals.js'
import type { ParsedText } from './parse.js'
import { isCharacter, tokenAt } from './token-reader.js'

type Leaf = { readonly ival?: unknown; readonly sval?: unknown }

/**
 * The value of a literal in a tree, in the place of the parser's: whoever looks at it is noticed.
 *
 * It has no fields of its own, so that nobody learns anything of it in another way.
 */
export class ObservedValue {
  readonly #leaf: Leaf
  readonly #isUnsigned: boolean
  #isSeen = false

  constructor(leaf: Leaf, isUnsigned: boolean) {
    this.#leaf = leaf
    this.#isUnsigned = isUnsigned
  }

  /** Whether it is an integer of digits alone: that is to be seen without its value. */
  get isUnsigned(): boolean {
    return this.#isUnsigned
  }

  get ival(): unknown {
    this.#isSeen = true
    return this.#leaf.ival
  }

  get sval(): unknown {
    this.#isSeen = true
    return this.#leaf.sval
  }

  /** As text it is seen, whole. */
  toJSON(): unknown {
    this.#isSeen = true
    return this.#leaf
  }

  get isSeen(): boolean {
    return this.#isSeen
  }
}

interface Observation {
  readonly constant: { [field: string]: unknown }
  readonly field: 'ival' | 'sval'
  readonly leaf: Leaf
  readonly value: ObservedValue
}

/** Puts an observed value into each literal of a text's trees, if there is any that can be shared. */
export function observeLiterals({ statements, tokens }: ParsedText, spots: Spots): ObservedLiterals {
  const observations: Observation[] = []
  const open: unknown[] = spots.length === 0 ? [] : [...statements]
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue
    for (const child of Object.values(value)) if (typeof child === 'object') open.push(child)
    if ('A_Const' in value) observe(value.A_Const as Observation['constant'], { observations, tokens })
  }
  return new ObservedLiterals(observations, { tokens, spots })
}

function observe(
  constant: Observation['constant'],
  { observations, tokens }: { readonly observations: Observation[]; readonly tokens: Tokens },
): void {
  for (const field of ['ival', 'sval'] as const) {
    const leaf = constant[field] as Leaf | undefined
    if (leaf === undefined) continue
    const location = Number(constant.location ?? -1)
    const value = new ObservedValue(leaf, field === 'ival' && isDigit(tokens.text[location]))
    observations.push({ constant, field, leaf, value })
    constant[field] = value
  }
}

/** The literals of a text while it goes through the stages. */
export class ObservedLiterals {
  readonly #observations: readonly Observation[]
  readonly #tokens: Tokens
  readonly #spots: Spots

  constructor(
    observations: readonly Observation[],
    { tokens, spots }: { readonly tokens: Tokens; readonly spots: Spots },
  ) {
    this.#observations = observations
    this.#tokens = tokens
    this.#spots = spots
  }

  /** Gives the trees their own values back. */
  end(): void {
    for (const { constant, field, leaf } of this.#observations) constant[field] = leaf
  }

  /**
   * Of each literal, whether it is a node of its own at whose value nobody has looked.
   *
   * One that the grammar has looked at, as in `float(24)`, is no node.
   */
  unseen(): readonly boolean[] {
    const unseen: boolean[] = []
    for (let i = 0; i < this.#spots.length; i += 2)
      unseen.push(this.#isUnseen(this.#spots[i] ?? 0, this.#spots[i + 1] ?? 0))
    return unseen
  }

  #isUnseen(start: number, end: number): boolean {
    const sign = this.#signOf(start)
    const nodes = this.#observations.filter(({ constant }) => {
      const location = constant.location ?? -1
      return location === start || location === sign
    })
    return nodes.length > 0 && nodes.every((node) => !node.value.isSeen && this.#says(node, start, end))
  }

  /** The minus in front, which the grammar makes part of the literal: where its node stands then. */
  #signOf(start: number): number | null {
    const before = tokenAt(this.#tokens, start) - 1
    return isCharacter(this.#tokens, before, '-') ? (this.#tokens.starts[before] ?? null) : null
  }

  #says({ constant, field, leaf }: Observation, start: number, end: number): boolean {
    const { text } = this.#tokens
    if (field === 'sval')
      return (leaf.sval ?? '') === text.toString('utf8', start + 1, end - 1).replaceAll("''", "'")
    const value = Number(text.toString('latin1', start, end))
    // neither is 0 negative nor would it say so
    return Number(leaf.ival ?? 0) === (constant.location === start ? value : 0 - value)
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}
