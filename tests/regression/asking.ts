import type { Observation } from '../support/world/observe.js'
import { type Answers, isRefusal } from './observation.js'
import type { Script } from './script.js'
import type { Stage } from './stage.js'
import type { Statement } from './statement.js'

const FAILING = 'SELECT 1/0'

/** Asks the gateway and the private database the same, and keeps both in step where the gateway refuses. */
export class Asking {
  readonly #stage: Stage
  readonly #script: Script

  constructor(stage: Stage, script: Script) {
    this.#stage = stage
    this.#script = script
  }

  async ask(text: string, statement: Statement): Promise<Answers> {
    const { gateway, twin } = this.#stage
    if (isCopyIn(text, statement)) return this.#copy(text)
    const seen = await gateway.ask({ text })
    if (!isRefusal(seen)) return { seen, own: await twin.ask({ text }) }
    const own = await this.#probe(text, statement)
    await this.align()
    return { seen, own }
  }

  /** The private database tells whether data follows; what it did is taken back if the gateway refused. */
  async #copy(text: string): Promise<Answers> {
    const { gateway, twin } = this.#stage
    const copy = rowsOf(this.#script)
    const isOpen = twin.transaction === 'T'
    if (twin.transaction !== 'E') await twin.ask({ text: isOpen ? 'SAVEPOINT copying' : 'BEGIN' })
    const own = await twin.ask({ text, copy })
    const seen = await gateway.ask({ text, copy })
    const isUndone = isRefusal(seen) && own.error === null
    if (!isOpen) await twin.ask({ text: isUndone ? 'ROLLBACK' : 'COMMIT' })
    else if (isUndone) {
      await twin.ask({ text: 'ROLLBACK TO copying' })
      await this.align()
    }
    return { seen, own: isUndone ? null : own }
  }

  /** What the private database would say to what was refused, where asking leaves nothing behind. */
  async #probe(text: string, { role }: Statement): Promise<Observation | null> {
    const { twin } = this.#stage
    if (
      twin.transaction !== 'I' ||
      role !== 'asked' ||
      /\b(?:next|set)val\b|\bcursor_to_|\bcommit\b|\brollback\b/i.test(text)
    )
      return null
    await twin.ask({ text: 'BEGIN' })
    const own = await twin.ask({ text })
    await twin.ask({ text: 'ROLLBACK' })
    return own.error === null ? null : own
  }

  /** What fails the transaction that is open fails it on both sides. */
  async align(): Promise<void> {
    const { gateway, twin } = this.#stage
    if (gateway.transaction === 'E' && twin.transaction === 'T') await twin.ask({ text: FAILING })
    if (gateway.transaction === 'T' && twin.transaction === 'E') await gateway.ask({ text: FAILING })
  }
}

/** The data behind a COPY, read off the script once and only if a server asks for it. */
export function rowsOf(script: Script): () => Buffer {
  let rows: Buffer | null = null
  return () => {
    rows ??= script.copyData()
    return rows
  }
}

/** psql takes `from stdout` for `from stdin`. */
function isCopyIn(text: string, { kind }: Statement): boolean {
  return kind === 'CopyStmt' && /\bfrom\s+std(?:in|out)\b/i.test(text)
}
