import type { CompiledText } from '../../sql/compiled.js'
import type { Origin, Outcome } from '../../upstream/expected-replies.js'
import type { Preparation } from '../../upstream/prepared-statements.js'
import type { ClientStatement } from '../client-statement.js'
import type { Session } from '../session.js'

/** What a Parse or a Close makes of a name: in force at once for what follows it, undone if the server never did it. */
export class StatementChange implements Origin {
  readonly text: CompiledText | null
  readonly statement: string
  /** Of the server connection, when the change was sent. */
  readonly cycle: number
  readonly #session: Session
  /** Null for Close. */
  readonly #now: ClientStatement | null
  readonly #before: ClientStatement | undefined
  readonly #preparation: Preparation | null

  /** `preparation`: where a Parse goes to the server. */
  constructor(
    session: Session,
    name: string,
    change: { readonly now: ClientStatement | null; readonly preparation: Preparation | null },
  ) {
    this.text = change.now?.compiled ?? null
    this.statement = name
    this.cycle = session.connection?.cycle ?? 0
    this.#session = session
    this.#before = session.statements.get(name)
    this.#now = change.now
    this.#preparation = change.preparation
    session.changes.set(name, this)
    if (change.now === null) session.statements.delete(name)
    else session.statements.set(name, change.now)
  }

  completes(): null {
    return null
  }

  settled(outcome: Outcome): void {
    this.#preparation?.settled(outcome)
    const { statements, changes } = this.#session
    if (changes.get(this.statement) === this) changes.delete(this.statement)
    if (outcome === 'completed' || statements.get(this.statement) !== (this.#now ?? undefined)) return
    // a Parse that fails leaves no statement behind, one that was skipped leaves what was there
    if (outcome === 'abandoned' && this.#before !== undefined) statements.set(this.statement, this.#before)
    else statements.delete(this.statement)
  }
}
