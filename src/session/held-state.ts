import type { Effect, HeldKind } from '../sql/compiled.js'
import type { TransactionStatus } from '../wire/messages/ready-for-query.js'

/** The names of each kind, mapped to whether they end with the transaction. */
type Held = ReadonlyMap<string, boolean>

interface Savepoint {
  readonly name: string
  readonly held: Held
}

/** What an error or a ROLLBACK doesn't take back. */
const IMMEDIATE: ReadonlySet<HeldKind> = new Set(['lock', 'statement'])
const NOTHING: Held = new Map()
const NO_NAMES: readonly string[] = []

/**
 * What a session has on its server connection beyond a transaction, as transactions change it.
 *
 * Maps and lists are never changed, only replaced.
 */
export class HeldState {
  #now: Held = NOTHING
  #committed: Held = NOTHING
  #savepoints: readonly Savepoint[] = []
  #failed = false
  #tables: readonly string[] = NO_NAMES
  #hasPrepared = false

  /** Whether the connection has to stay the session's. */
  get isEmpty(): boolean {
    return this.#now.size === 0 && this.#committed.size === 0
  }

  /** Whether it holds something, and nothing but this. */
  holdsOnly(kind: HeldKind): boolean {
    const isKind = (each: string): boolean => each.startsWith(key(kind, ''))
    return !this.isEmpty && [...this.#now.keys(), ...this.#committed.keys()].every(isKind)
  }

  /** An object that is another one whenever something else is held. */
  get version(): object {
    return this.#now
  }

  /** Whether the end of the transaction may still change what is held. */
  get isVolatile(): boolean {
    return this.#now !== this.#committed
  }

  /** The temporary tables, in the order of their names; the same list as long as they are the same. */
  get tables(): readonly string[] {
    return this.#tables
  }

  get hasPrepared(): boolean {
    return this.#hasPrepared
  }

  has(kind: HeldKind, name: string): boolean {
    return this.#now.has(key(kind, name))
  }

  names(kind: HeldKind): readonly string[] {
    const prefix = key(kind, '')
    return [...this.#now.keys()]
      .filter((each) => each.startsWith(prefix))
      .map((each) => each.slice(prefix.length))
  }

  /** A statement has completed. */
  apply(effects: readonly Effect[], tag: string): void {
    for (const effect of effects) this.#apply(effect, tag)
  }

  /** A statement has failed; an implicit transaction has then ended, an explicit one waits for its ROLLBACK. */
  fail(): void {
    this.#failed = true
  }

  /** The server is ready for the next cycle. */
  ready(status: TransactionStatus): void {
    if (status === 'I') {
      if (this.#failed) this.#rollback()
      else this.#commit()
    }
    this.#failed = false
  }

  /** The connection is gone, or clean again. */
  clear(): void {
    this.#savepoints = []
    this.#committed = NOTHING
    this.#become(NOTHING)
  }

  #apply(effect: Effect, tag: string): void {
    switch (effect.kind) {
      case 'hold':
        this.#hold(effect.held, effect.name, effect.local)
        return
      case 'let-go':
        this.#letGo(effect.held, effect.name)
        return
      case 'discard-all':
        this.clear()
        return
      case 'commit':
        // a COMMIT of a failed transaction is answered with the tag ROLLBACK
        if (tag === 'ROLLBACK') this.#rollback()
        else this.#commit()
        return
      case 'rollback':
        this.#rollback()
        return
      default:
        this.#applySavepoint(effect)
    }
  }

  #applySavepoint(effect: Effect): void {
    if (effect.kind === 'savepoint')
      this.#savepoints = [...this.#savepoints, { name: effect.name, held: this.#now }]
    if (effect.kind !== 'release' && effect.kind !== 'rollback-to') return
    const index = this.#savepoints.findLastIndex(({ name }) => name === effect.name)
    if (index < 0) return
    const savepoint = this.#savepoints[index]
    this.#savepoints = this.#savepoints.slice(0, effect.kind === 'release' ? index : index + 1)
    if (effect.kind === 'rollback-to' && savepoint !== undefined) this.#become(savepoint.held)
  }

  #hold(kind: HeldKind, name: string, local: boolean): void {
    this.#change(kind, (held) => new Map(held).set(key(kind, name), local))
  }

  #letGo(kind: HeldKind, name: string | null): void {
    const isMeant = (each: string): boolean =>
      name === null ? each.startsWith(key(kind, '')) : each === key(kind, name)
    this.#change(kind, (held) => only(held, (each) => !isMeant(each)))
  }

  /** What no ROLLBACK takes back is changed in the past as well. */
  #change(kind: HeldKind, change: (held: Held) => Held): void {
    const isSettled = this.#now === this.#committed
    const now = change(this.#now)
    if (IMMEDIATE.has(kind)) {
      this.#committed = isSettled ? now : change(this.#committed)
      this.#savepoints = this.#savepoints.map(({ name, held }) => ({ name, held: change(held) }))
    }
    this.#become(now)
  }

  #commit(): void {
    this.#savepoints = []
    if (this.#now === this.#committed) return
    this.#become(only(this.#now, (_name, isLocal) => !isLocal))
    this.#committed = this.#now
  }

  #rollback(): void {
    this.#savepoints = []
    this.#become(this.#committed)
  }

  /** Nothing is nothing, whichever map says it. */
  #become(held: Held): void {
    this.#now = held.size === 0 && this.#committed.size === 0 ? this.#committed : held
    this.#hasPrepared = this.names('statement').length > 0
    const tables = this.names('table').toSorted()
    if (tables.join('\0') !== this.#tables.join('\0')) this.#tables = tables.length === 0 ? NO_NAMES : tables
  }
}

function key(kind: HeldKind, name: string): string {
  return `${kind}\0${name}`
}

/** The same map where nothing falls away. */
function only(held: Held, stays: (name: string, isLocal: boolean) => boolean): Held {
  const kept = [...held].filter(([name, isLocal]) => stays(name, isLocal))
  return kept.length === held.size ? held : new Map(kept)
}
