import type { CompiledText } from '../../sql/compiled.js'
import type { Origin, Outcome } from '../../upstream/expected-replies.js'
import type { Preparation } from '../../upstream/prepared-statements.js'
import type { ClientStatement } from '../client-statement.js'
import type { Session } from '../session.js'

/** What a Parse or a Close makes of a name: in force at once for what follows it, undone if the server never did it. */
export class StatementChange implements Origin {
  readonly text: CompiledText | null
  readonly statement: string
  readonly #statements: Map<string, ClientStatement>
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
    this.#statements = session.statements
    this.#before = session.statements.get(name)
    this.#now = change.now
    this.#preparation = change.preparation
    if (change.now === null) session.statements.delete(name)
    else session.statements.set(name, change.now)
  }

  completes(): null {
    return null
  }

  settled(outcome: Outcome): void {
    this.#preparation?.settled(outcome)
    if (outcome === 'completed' || this.#statements.get(this.statement) !== (this.#now ?? undefined)) return
    // a Parse that fails leaves no statement behind, one that was skipped leaves what was there
    if (outcome === 'abandoned' && this.#before !== undefined)
      this.#statements.set(this.statement, this.#before)
    else this.#statements.delete(this.statement)
  }
}
