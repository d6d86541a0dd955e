import type { Effect, HeldKind } from '../sql/compiled.js'
import type { TransactionStatus } from '../wire/messages/ready-for-query.js'

/** Names, mapped to whether they end with the transaction. */
type Names = Map<string, boolean>

/** What the end of the transaction, or of a savepoint, may take back. */
interface Change {
  readonly kind: HeldKind
  readonly name: string
  /** Undefined: it wasn't held. */
  readonly before: boolean | undefined
}

interface Savepoint {
  readonly name: string
  /** How many changes there were. */
  readonly changes: number
}

const KINDS: readonly HeldKind[] = ['channel', 'cursor', 'lock', 'statement', 'table']
/** What an error or a ROLLBACK doesn't take back. */
const IMMEDIATE: ReadonlySet<HeldKind> = new Set(['lock', 'statement'])
const NO_NAMES: readonly string[] = []
const NOTHING: ReadonlyMap<string, boolean> = new Map()
const NO_KINDS: ReadonlySet<HeldKind> = new Set()

/** What a session has on its server connection beyond a transaction, as transactions change it. */
export class HeldState {
  /** Of kinds of which there has been something: most sessions never hold anything. */
  readonly #names: Partial<Record<HeldKind, Names>> = {}
  /** How many names there are of all kinds. */
  #size = 0
  /** Of which kinds there were any when the transaction began, and a ROLLBACK would bring them back. */
  #committed: ReadonlySet<HeldKind> = NO_KINDS
  #changes: Change[] = []
  #savepoints: Savepoint[] = []
  #failed = false
  #version: object = NO_NAMES
  #tables: readonly string[] = NO_NAMES
  #tablesMayDiffer = false

  /** Whether the connection has to stay the session's. */
  get isEmpty(): boolean {
    return this.#size === 0 && this.#committed.size === 0
  }

  /** Whether it holds something, and nothing but this. */
  holdsOnly(kind: HeldKind): boolean {
    return !this.#isWithout(kind) && KINDS.every((other) => other === kind || this.#isWithout(other))
  }

  /** An object that is another one whenever something else is held. */
  get version(): object {
    return this.#version
  }

  /** Whether the end of the transaction may still change what is held. */
  get isVolatile(): boolean {
    return this.#changes.length > 0 && !this.isEmpty
  }

  /** The temporary tables, in the order of their names; the same list as long as they are the same. */
  get tables(): readonly string[] {
    if (this.#tablesMayDiffer) this.#sortTables()
    return this.#tables
  }

  get hasPrepared(): boolean {
    return this.#of('statement').size > 0
  }

  has(kind: HeldKind, name: string): boolean {
    return this.#of(kind).has(name)
  }

  names(kind: HeldKind): readonly string[] {
    return [...this.#of(kind).keys()]
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
    if (this.isEmpty && this.#isUntouched) return
    for (const kind of KINDS) for (const name of this.names(kind)) this.#put(kind, name, undefined)
    this.#settle()
  }

  #apply(effect: Effect, tag: string): void {
    switch (effect.kind) {
      case 'hold':
        this.#change(effect.held, effect.name, effect.local)
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
      this.#savepoints.push({ name: effect.name, changes: this.#changes.length })
    if (effect.kind !== 'release' && effect.kind !== 'rollback-to') return
    const index = this.#savepoints.findLastIndex(({ name }) => name === effect.name)
    const savepoint = this.#savepoints[index]
    if (savepoint === undefined) return
    this.#savepoints.length = effect.kind === 'release' ? index : index + 1
    if (effect.kind === 'rollback-to') this.#undo(savepoint.changes)
  }

  #letGo(kind: HeldKind, name: string | null): void {
    if (name !== null) this.#change(kind, name, undefined)
    else for (const each of this.names(kind)) this.#change(kind, each, undefined)
  }

  /** Undefined: it is held no more. */
  #change(kind: HeldKind, name: string, local: boolean | undefined): void {
    const before = this.#of(kind).get(name)
    if (before === local) return
    if (!IMMEDIATE.has(kind)) this.#changes.push({ kind, name, before })
    this.#put(kind, name, local)
  }

  #put(kind: HeldKind, name: string, local: boolean | undefined): void {
    const names = this.#names[kind] ?? new Map<string, boolean>()
    this.#names[kind] = names
    this.#size -= names.size
    if (local === undefined) names.delete(name)
    else names.set(name, local)
    this.#size += names.size
    this.#version = {}
    if (kind === 'table') this.#tablesMayDiffer = true
  }

  #sortTables(): void {
    this.#tablesMayDiffer = false
    const tables = this.names('table').toSorted()
    if (tables.join('\0') === this.#tables.join('\0')) return
    this.#tables = tables.length === 0 ? NO_NAMES : tables
  }

  #commit(): void {
    if (this.#isUntouched) return
    for (const kind of KINDS)
      for (const [name, isLocal] of this.#of(kind)) if (isLocal) this.#put(kind, name, undefined)
    this.#settle()
  }

  #rollback(): void {
    if (this.#isUntouched) return
    this.#undo(0)
    this.#settle()
  }

  get #isUntouched(): boolean {
    return this.#changes.length === 0 && this.#savepoints.length === 0
  }

  /** Takes back all changes but the first ones. */
  #undo(first: number): void {
    for (const { kind, name, before } of this.#changes.splice(first).reverse()) this.#put(kind, name, before)
  }

  /** No transaction is open. */
  #settle(): void {
    this.#savepoints = []
    this.#changes = []
    const isKept = (kind: HeldKind): boolean => !IMMEDIATE.has(kind) && this.#of(kind).size > 0
    this.#committed = new Set(KINDS.filter(isKept))
  }

  #of(kind: HeldKind): ReadonlyMap<string, boolean> {
    return this.#names[kind] ?? NOTHING
  }

  #isWithout(kind: HeldKind): boolean {
    return this.#of(kind).size === 0 && !this.#committed.has(kind)
  }
}
