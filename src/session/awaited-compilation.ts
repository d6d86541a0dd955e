import type { CompileOutcome } from '../compiling/compile-worker.js'
import type { SessionCompiler } from '../compiling/gateway-compiler.js'
import { GatewayError } from '../core/errors.js'
import type { TenantId } from '../core/ids.js'
import type { CompileContext, CompiledText } from '../sql/compiled.js'

/** How often a text is compiled again because the schema has changed meanwhile. */
const MAX_ATTEMPTS = 3

interface Asked {
  readonly text: Buffer
  readonly context: CompileContext
  readonly attempt: number
  withdraw: () => void
  outcome: CompileOutcome | null
}

export interface AwaitedCompilationOptions {
  readonly compiler: SessionCompiler
  /** Whose turn it is when it has to wait. */
  readonly tenant: string
  readonly tenants: readonly TenantId[]
  /** Has the message handled again that had to wait. */
  readonly wake: () => void
}

/**
 * What a session compiles, and the texts that its current message has to wait for: its own, one that it names.
 *
 * Outcomes are kept until the message has been handled: whatever the cache has thrown away meanwhile, the message goes on.
 */
export class AwaitedCompilation {
  readonly #options: AwaitedCompilationOptions
  #asked: readonly Asked[] = []

  constructor(options: AwaitedCompilationOptions) {
    this.#options = options
  }

  /**
   * Null: the message has to wait; it is handled again when the text is compiled, and asks again.
   *
   * Throws   a GatewayError that tells why the text is refused
   */
  compile(text: Buffer, context: CompileContext): CompiledText | null {
    const asked = this.#asked.length === 0 ? undefined : this.#asked.find((each) => isSame(each.text, text))
    if (asked === undefined) return this.#begin(text, context, 1)
    if (asked.outcome === null) return null
    if (isSameContext(asked.context, context)) return resultOf(asked.outcome)
    if (asked.attempt === MAX_ATTEMPTS) {
      const reason = 'the schema changed again and again while it was compiled'
      throw new GatewayError('STATEMENT_TOO_COSTLY', { reason })
    }
    this.#asked = this.#asked.filter((each) => each !== asked)
    return this.#begin(text, context, asked.attempt + 1)
  }

  /** Gives up what is waited for, as the client wishes; false where nothing is. */
  cancel(): boolean {
    const waiting = this.#asked.find(({ outcome }) => outcome === null)
    if (waiting === undefined) return false
    waiting.withdraw()
    this.#settle(waiting, { error: new GatewayError('CANCELLED', {}) })
    return true
  }

  /** The message has been handled, or nobody is left who waits. */
  forget(): void {
    for (const { outcome, withdraw } of this.#asked) if (outcome === null) withdraw()
    this.#asked = []
  }

  #begin(text: Buffer, context: CompileContext, attempt: number): CompiledText | null {
    const { compiler, tenant, tenants } = this.#options
    const compiled = compiler.compile(text, context)
    if (compiled !== null) return compiled
    const asked: Asked = { text, context, attempt, withdraw: () => {}, outcome: null }
    const done = (outcome: CompileOutcome): void => this.#settle(asked, outcome)
    asked.withdraw = compiler.request({ text, context, tenant, tenants, done })
    this.#asked = [...this.#asked, asked]
    return null
  }

  #settle(asked: Asked, outcome: CompileOutcome): void {
    asked.outcome = outcome
    this.#options.wake()
  }
}

function resultOf(outcome: CompileOutcome): CompiledText {
  if ('error' in outcome) throw outcome.error
  return outcome.plan
}

/** A message that waits stays where it is, so that it isn't the bytes that have to be compared. */
function isSame(a: Buffer, b: Buffer): boolean {
  return a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.length === b.length
}

function isSameContext(a: CompileContext, b: CompileContext): boolean {
  const keys = Object.keys(a) as (keyof CompileContext)[]
  return keys.every((key) => a[key] === b[key] || isSameList(a[key], b[key]))
}

function isSameList(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
  return a.every((entry, index) => entry === b[index])
}
