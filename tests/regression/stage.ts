import { type Observation, Observer } from '../support/world/observe.js'
import { type Databases, type Pair, withDatabase } from './databases.js'
import { type OpenGateway, openGateway, type ScriptPolicy } from './gateway.js'

/** As `pg_regress` has its sessions. */
const STARTUP = { DateStyle: 'Postgres, MDY', TimeZone: 'PST8PDT', IntervalStyle: 'postgres_verbose' }

/** Connections to both databases of a pair: the owner's, who changes schemas, and the tenant's. */
export class Stage {
  /** Through the gateway to the shared database. */
  readonly gateway: Observer
  /** To the private database, as the same role. */
  readonly twin: Observer
  readonly #owners: { readonly shared: Observer; readonly twin: Observer }
  readonly #types: { readonly shared: Map<number, string>; readonly twin: Map<number, string> }
  readonly #open: OpenGateway
  /** Whether the schema has changed since the gateway last looked. */
  #isStale = false

  private constructor(open: OpenGateway, connections: Connections) {
    this.#open = open
    this.gateway = connections.gateway
    this.twin = connections.twin
    this.#owners = connections.owners
    this.#types = connections.types
  }

  static async open(databases: Databases, pair: Pair, policy: ScriptPolicy): Promise<Stage> {
    const types = { shared: new Map<number, string>(), twin: new Map<number, string>() }
    const owners = {
      shared: await Observer.connect(databases.ownerUrl(pair.shared), types.shared, STARTUP),
      twin: await Observer.connect(databases.ownerUrl(pair.twin), types.twin, STARTUP),
    }
    const open = await openGateway(databases, pair, policy)
    const gateway = await Observer.connect(open.url, types.shared, STARTUP)
    const twin = await Observer.connect(withDatabase(databases.roleUrl, pair.twin), types.twin, STARTUP)
    const stage = new Stage(open, { gateway, twin, owners, types })
    await stage.asOwner(
      `SET regression.tenant TO '7'; SET jit TO off; SET lock_timeout TO '2s'; SET statement_timeout TO '120s'`,
    )
    await stage.twin.ask({ text: `SET statement_timeout TO '60s'` })
    stage.#isStale = true
    return stage
  }

  /** The same in both databases; what the two answers are. */
  async asOwner(text: string, copy?: () => Buffer): Promise<{ shared: Observation; twin: Observation }> {
    const question = copy === undefined ? { text } : { text, copy }
    // one after the other: CONCURRENTLY waits for whoever else is at work on the cluster
    const shared = await this.#owners.shared.ask(question)
    const twin = await this.#owners.twin.ask(question)
    return { shared, twin }
  }

  /** Only in the shared database. */
  async inShared(text: string): Promise<Observation> {
    return this.#owners.shared.ask({ text })
  }

  async inTwin(text: string): Promise<Observation> {
    return this.#owners.twin.ask({ text })
  }

  schemaChanged(): void {
    this.#isStale = true
  }

  /** Makes the gateway know the schema as it is. */
  async catchUp(): Promise<void> {
    if (!this.#isStale) return
    this.#isStale = false
    await this.#open.gateway.refresh()
    await this.#nameTypes('shared')
    await this.#nameTypes('twin')
  }

  async #nameTypes(side: 'shared' | 'twin'): Promise<void> {
    const { results } = await this.#owners[side].ask({
      text: 'SELECT oid, typname FROM pg_catalog.pg_type WHERE oid >= 16384',
    })
    for (const [oid, name] of results[0]?.rows ?? []) this.#types[side].set(Number(oid), name ?? '')
  }

  async close(): Promise<void> {
    await this.gateway.close()
    await this.twin.close()
    await this.#open.gateway.stop()
    await this.#owners.shared.close()
    await this.#owners.twin.close()
  }
}

interface Connections {
  readonly gateway: Observer
  readonly twin: Observer
  readonly owners: { readonly shared: Observer; readonly twin: Observer }
  readonly types: { readonly shared: Map<number, string>; readonly twin: Map<number, string> }
}
