import type { CompiledStatement, CompiledText } from '../sql/compiled.js'
import {
  type Copying,
  ExpectedReply,
  type Origin,
  type Outcome,
  Request,
} from '../upstream/expected-replies.js'
import { nameOn, type ServerStatement, serverStatementName } from '../upstream/prepare.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import type { Compilation } from './compilation.js'
import { literalMeaning } from './literal-meaning.js'
import type { Session } from './session.js'

/** A prepared statement of the client's: its text and what that compiles to now. */
export class ClientStatement {
  readonly name: string
  /** A copy: the chunk it came in isn't kept. */
  readonly text: Buffer
  readonly parameterTypes: readonly number[]
  #compilation: Compilation
  #server: ServerStatement

  constructor(name: string, compilation: Compilation) {
    this.name = name
    this.text = compilation.text
    this.parameterTypes = compilation.parameterTypes
    this.#compilation = compilation
    this.#server = serverStatement(compilation)
  }

  get compilation(): Compilation {
    return this.#compilation
  }

  get compiled(): CompiledText {
    return this.#compilation.compiled
  }

  /** As the servers know it. */
  get server(): ServerStatement {
    return this.#server
  }

  /**
   * As a connection knows it, or is to be told now.
   *
   * What others may meet is used only while the server reads literals as it did in its Parse: it plans, and may parse again, at
   * any time.
   */
  on(connection: ServerConnection, session: Session): ServerStatement {
    const { compiled, reading } = this.#compilation
    const isOwn = reading === null || compiled.namesMoment
    if (isOwn && nameOn(connection, this.#server) !== null) return this.#server
    const now = session.reading.now
    if (now !== null && now === reading) return this.#server
    return serverStatement({ ...this.#compilation, meaning: literalMeaning(compiled, now) })
  }

  /**
   * Compiles anew if schema, policy or search path have changed since. False: that takes a while.
   *
   * Throws   what the compiler throws
   */
  refresh(session: Session): boolean {
    if (session.isCurrent(this.#compilation)) return true
    const compilation = session.compile(this.text, this.parameterTypes, 'extended')
    if (compilation === null) return false
    this.#compilation = compilation
    this.#server = serverStatement(compilation)
    return true
  }
}

/** Tenants share none, also where the text is the same for all. */
function serverStatement(compilation: Compilation): ServerStatement {
  const { account, sql, parameterTypes, compiled, snapshot, meaning } = compilation
  const name = serverStatementName(sql, parameterTypes, `${account}\0${snapshot.generation}/${meaning}`)
  return { name, sql, parameterTypes, text: compiled }
}

/** The statement of a text that somebody has to act upon when it completes, else null. */
export function watched(text: CompiledText | null, index: number): CompiledStatement | null {
  const statement = text?.statements[index]
  return statement !== undefined && (statement.effects.length > 0 || statement.tag !== null)
    ? statement
    : null
}

/** A Bind: once it has succeeded, the portal is the statement's. */
export class Binding implements Origin {
  readonly text: CompiledText
  readonly statement: string
  readonly #session: Pick<Session, 'portals' | 'unnamedPortal'>
  readonly #portal: string
  readonly #source: ClientStatement
  /** Of the unnamed portal only. */
  readonly #after: number

  constructor(
    session: Pick<Session, 'portals' | 'unnamedPortal'>,
    portal: string,
    { source, cycle }: { readonly source: ClientStatement; readonly cycle: number },
  ) {
    this.text = source.compiled
    this.statement = source.name
    this.#session = session
    this.#portal = portal
    this.#source = source
    this.#after = portal === '' ? session.unnamedPortal.binding(cycle) : 0
  }

  completes(): null {
    return null
  }

  settled(outcome: Outcome): void {
    if (outcome !== 'completed') return
    this.#session.portals.set(this.#portal, this.#source)
    if (this.#portal === '') this.#session.unnamedPortal.bound(this.#after)
  }
}

/** An Execute; which statement it runs is known when its Bind has succeeded, and that is before it ends. */
export class Execution implements Origin {
  readonly #portals: ReadonlyMap<string, ClientStatement>
  readonly #portal: string

  constructor(portals: ReadonlyMap<string, ClientStatement>, portal: string) {
    this.#portals = portals
    this.#portal = portal
  }

  get text(): CompiledText | null {
    return this.#portals.get(this.#portal)?.compiled ?? null
  }

  get statement(): string | null {
    return this.#portals.get(this.#portal)?.name ?? null
  }

  completes(): CompiledStatement | null {
    return watched(this.text, 0)
  }

  copying(): Copying | null {
    const statement = this.#portals.get(this.#portal)
    const copyIn = statement?.compiled.statements[0]?.copyIn
    return statement === undefined || copyIn === undefined ? null : { copyIn, text: statement.text }
  }

  written(): Buffer | null {
    return this.#portals.get(this.#portal)?.text ?? null
  }

  settled(): void {
    // what it changed is known from its CommandComplete
  }

  /** One that may stand in the queue any number of times. */
  static reply(portals: ReadonlyMap<string, ClientStatement>, portal: string): ExpectedReply {
    return new ExpectedReply(Request.Execute, 'relay', new Execution(portals, portal))
  }
}
