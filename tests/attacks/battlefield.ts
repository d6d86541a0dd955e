import type { TestDatabase } from '../support/database.js'
import type { Server } from '../support/servers.js'
import { comparable, type Observation, Observer, typeNames } from '../support/world/observe.js'
import { CANARY, openWorld, type World } from '../support/world/world.js'
import type { Attack } from './attack.js'

/** What one attack did, by what the attacker saw and by what became of everything else. */
export interface Deed {
  readonly seen: Observation
  /** Whether a row that isn't tenant 7's to change did change. */
  readonly changed: boolean
  /** Whether the attack's probe shows another state than before, or another tenant heard something. */
  readonly felt: boolean
}

/** A session that has sent the text of one attack. */
export interface Session {
  readonly seen: Observation
  /** Lets the session receive what was sent to it meanwhile. */
  later(): Promise<Observation>
  close(): Promise<void>
}

export type Attacker = (attack: Attack) => Promise<Session>

interface Start {
  readonly others: string
  readonly major: number
}

/** The databases that attacks are run against; every deed is undone. */
export class Battlefield {
  readonly world: World
  readonly #types: {
    readonly shared: ReadonlyMap<number, string>
    readonly twin: ReadonlyMap<number, string>
  }
  readonly #others: string
  readonly #major: number
  #tenant: Observer | null = null

  private constructor(world: World, types: Battlefield['types'], start: Start) {
    this.world = world
    this.#types = types
    this.#others = start.others
    this.#major = start.major
  }

  static async open(server?: Server): Promise<Battlefield> {
    const world = await openWorld(server)
    const types = {
      shared: await typeNames((sql) => world.shared.query(sql)),
      twin: await typeNames((sql) => world.twin.query(sql)),
    }
    const { rows } = await world.shared.query('SHOW server_version_num')
    const major = Math.floor(Number(rows[0]?.server_version_num) / 10_000)
    return new Battlefield(world, types, { others: await othersOf(world.shared), major })
  }

  /** Whether the server has the attack's syntax. */
  suits(attack: Attack): boolean {
    return this.#major >= attack.since
  }

  get types() {
    return this.#types
  }

  async close(): Promise<void> {
    await this.#tenant?.close()
    await this.world.close()
  }

  /** The attack on the shared database without anything in between. */
  raw(attack: Attack): Promise<Deed> {
    const url = attack.raw === 'superuser' ? this.world.shared.url : this.world.role.url
    return this.run(attack, direct(url, this.#types.shared))
  }

  /** The attack on the private database: what the tenant may see. */
  async private(attack: Attack): Promise<Observation> {
    const seen =
      attack.raw === 'superuser'
        ? await once(this.world.twin.url, this.#types.twin, attack)
        : await this.#asTenant(attack)
    await restore(this.world.twin, attack)
    return seen
  }

  /** Logging in takes longer than most attacks: one session serves them all, as long as nothing is left in it. */
  async #asTenant({ text, params }: Attack): Promise<Observation> {
    const tenant = this.#tenant ?? (await Observer.connect(this.world.twinUrl, this.#types.twin))
    this.#tenant = tenant
    const seen = await tenant.ask({ text, values: params })
    const left = [await tenant.ask({ text: 'ROLLBACK' }), await tenant.ask({ text: 'DISCARD ALL' })]
    if (left.every(({ error }) => error === null)) return seen
    this.#tenant = null
    await tenant.close()
    return seen
  }

  /** One attack on the shared database, in whatever way `attacker` gets there. */
  async run(attack: Attack, attacker: Attacker): Promise<Deed> {
    const { shared } = this.world
    const before = await probe(shared, attack)
    const neighbour = await Neighbour.of(attack, shared)
    const session = await attacker(attack)
    const after = await probe(shared, attack)
    const heard = await neighbour.heard()
    const seen = await withLater(attack, session, shared)
    await session.close()
    await neighbour.close()
    const changed = (await othersOf(shared)) !== this.#others
    await restore(shared, attack)
    return { seen, changed, felt: heard || after !== before }
  }
}

async function once(url: string, types: ReadonlyMap<number, string>, attack: Attack): Promise<Observation> {
  const session = await direct(url, types)(attack)
  await session.close()
  return session.seen
}

/** Connects for each attack anew, so that none finds what another left. */
export function direct(url: string, types: ReadonlyMap<number, string>): Attacker {
  return async (attack) => {
    const observer = await Observer.connect(url, types)
    return {
      seen: await observer.ask({ text: attack.text, values: attack.params }),
      later: () => observer.ask({ text: 'SELECT 1' }),
      close: () => observer.close(),
    }
  }
}

/** Whether the raw database shows what an attack is about: a leak, or that it can be run at all. */
export function works(deed: Deed, own: Observation, attack: Attack): boolean {
  return attack.expect === 'refused' ? deed.seen.error === null : leaks(deed, own, attack)
}

/** Whether a deed tells or touches anything that belongs to somebody else. */
export function leaks(deed: Deed, own: Observation, attack: Attack): boolean {
  return CANARY.test(deed.seen.received) || deed.changed || deed.felt || differs(deed.seen, own, attack)
}

/** The gateway's own errors carry an incident; the server's don't. */
export function isRefusal({ error }: Observation): boolean {
  return error !== null && /incident [0-9a-f]{12}/.test(error.message)
}

/** Whether the tenant could tell the answer from a private database's. */
function differs(seen: Observation, own: Observation, attack: Attack): boolean {
  if (attack.compare === 'none') return false
  if (attack.compare === 'errors') return seen.error?.code !== own.error?.code
  return comparable(seen) !== comparable(own)
}

/** Adds what the session hears when another tenant sends a marker; the server delivers it before it answers twice. */
async function withLater(attack: Attack, session: Session, database: TestDatabase): Promise<Observation> {
  if (attack.notify === undefined) return session.seen
  await database.query(`NOTIFY ${attack.notify}, 'kanarie'`)
  const later = [await session.later(), await session.later()]
  return { ...session.seen, received: [session.seen, ...later].map(({ received }) => received).join('') }
}

/** Another tenant's session that listens, or has a lock. */
class Neighbour {
  readonly #observer: Observer | undefined

  private constructor(observer: Observer | undefined) {
    this.#observer = observer
  }

  static async of(attack: Attack, database: TestDatabase): Promise<Neighbour> {
    const { listen, locks } = attack
    if (listen === undefined && locks === undefined) return new Neighbour(undefined)
    const observer = await Observer.connect(database.url, new Map())
    const text = listen === undefined ? `SELECT pg_advisory_lock(${locks})` : `LISTEN ${listen}`
    await observer.ask({ text })
    return new Neighbour(observer)
  }

  /** The server delivers what was sent before it answers. */
  async heard(): Promise<boolean> {
    if (this.#observer === undefined) return false
    return (await this.#observer.ask({ text: 'SELECT 1' })).notices.length > 0
  }

  async close(): Promise<void> {
    await this.#observer?.close()
  }
}

async function othersOf(database: TestDatabase): Promise<string> {
  const { rows } = await database.query('SELECT pristine.others() AS rows')
  return String(rows[0]?.rows)
}

async function probe(database: TestDatabase, attack: Attack): Promise<string> {
  return attack.probe === undefined ? '' : JSON.stringify((await database.query(attack.probe)).rows)
}

async function restore(database: TestDatabase, attack: Attack): Promise<void> {
  if (attack.after !== undefined) await database.query(attack.after).catch(() => {})
  await database.query('SELECT pristine.reset()')
}
