import type { Effect } from '../sql/compiled.js'
import type { TransactionStatus } from '../wire/messages/ready-for-query.js'
import type { SettingValues } from './own-sql.js'

interface State {
  readonly values: SettingValues
  /** Those that end with the transaction; null: DEFAULT. */
  readonly local: ReadonlyMap<string, string | null>
}

interface Savepoint {
  readonly name: string
  readonly state: State
}

/** What is kept of a value that was set. */
export type Bound = (name: string, value: string) => string

const unbounded: Bound = (_, value) => value

const NONE: ReadonlyMap<string, string | null> = new Map()

/**
 * Settings as transactions change them: what a client wants them to be, or what a server connection has.
 *
 * Maps and states are never changed, only replaced: a snapshot is a reference, and two holders of one map are known to agree.
 *
 * Source   src/backend/utils/misc/guc.c, AtEOXact_GUC
 */
export class SessionSettings {
  /** What a setting goes back to; absent: the server's own default. */
  readonly #defaults: SettingValues
  readonly #bound: Bound
  #now: State
  #committed: State
  #savepoints: Savepoint[] = []
  #failed = false

  /** `bound` gives the value that is kept for one that was set. */
  constructor(defaults: SettingValues, bound: Bound = unbounded) {
    this.#bound = bound
    this.#defaults = defaults
    this.#now = { values: defaults, local: NONE }
    this.#committed = this.#now
  }

  /** Without those that end with the transaction. */
  get values(): SettingValues {
    return this.#now.values
  }

  /** An object that is another one whenever a value may be another. */
  get version(): object {
    return this.#now
  }

  /** Whether the end of the transaction, or of a part of it, may still change any of these. */
  isVolatile(names: readonly string[]): boolean {
    return (
      this.#differs(this.#committed, names) ||
      this.#savepoints.some(({ state }) => this.#differs(state, names))
    )
  }

  #differs(earlier: State, names: readonly string[]): boolean {
    return earlier !== this.#now && names.some((name) => this.#valueIn(earlier, name) !== this.get(name))
  }

  /** Undefined where the server's default is in force. */
  get(name: string): string | undefined {
    return this.#valueIn(this.#now, name)
  }

  #valueIn({ values, local }: State, name: string): string | undefined {
    const own = local.get(name)
    if (own === undefined) return values.get(name)
    return own ?? this.#defaults.get(name)
  }

  /** A statement has completed. */
  apply(effects: readonly Effect[], tag: string): void {
    // a COMMIT of a failed transaction is answered with the tag ROLLBACK
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

  /** All of them are as given from now on, outside of a transaction. */
  replace(values: SettingValues): void {
    if (values === this.#now.values && this.#now === this.#committed) return
    this.#now = { values, local: NONE }
    this.#committed = this.#now
  }

  /** All of them are as given from now on, unless the transaction is rolled back. */
  follow(values: SettingValues): void {
    this.#now = { ...this.#now, values }
  }

  #apply(effect: Effect, tag: string): void {
    switch (effect.kind) {
      case 'begin':
        return
      case 'commit':
        if (tag === 'ROLLBACK') this.#rollback()
        else this.#commit()
        return
      case 'rollback':
        this.#rollback()
        return
      case 'savepoint':
        this.#savepoints.push({ name: effect.name, state: this.#now })
        return
      case 'release':
        this.#savepoints.length = Math.max(0, this.#indexOf(effect.name))
        return
      case 'rollback-to':
        this.#rollbackTo(effect.name)
        return
      case 'set':
        this.#set(effect.name, effect.value, effect.local)
        return
      case 'reset-all':
      case 'discard-all':
        this.#now = { values: this.#defaults, local: NONE }
        return
      case 'hold':
      case 'let-go':
      // what a connection holds for its session isn't a setting
    }
  }

  #set(name: string, value: string | null, local: boolean): void {
    const { values, local: locals } = this.#now
    if (local) {
      this.#now = { values, local: new Map(locals).set(name, value) }
      return
    }
    const given = value === null ? this.#defaults.get(name) : this.#bound(name, value)
    this.#now = {
      values: changed(values, name, given),
      local: locals.has(name) ? changed(locals, name, undefined) : locals,
    }
  }

  #commit(): void {
    if (this.#now.local.size > 0) this.#now = { values: this.#now.values, local: NONE }
    this.#committed = this.#now
    if (this.#savepoints.length > 0) this.#savepoints = []
  }

  #rollback(): void {
    this.#now = this.#committed
    if (this.#savepoints.length > 0) this.#savepoints = []
  }

  #rollbackTo(name: string): void {
    const index = this.#indexOf(name)
    const savepoint = this.#savepoints[index]
    if (savepoint === undefined) return
    this.#now = savepoint.state
    this.#savepoints.length = index + 1
  }

  #indexOf(name: string): number {
    return this.#savepoints.findLastIndex((savepoint) => savepoint.name === name)
  }
}

function changed<V>(map: ReadonlyMap<string, V>, name: string, value: V | undefined): ReadonlyMap<string, V> {
  const copy = new Map(map)
  if (value === undefined) copy.delete(name)
  else copy.set(name, value)
  return copy
}
