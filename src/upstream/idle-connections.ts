import { type Link, LinkedList } from '../core/linked-list.js'
import type { ServerConnection } from './server-connection.js'

/** A server connection that nobody has. */
export interface Idle {
  readonly connection: ServerConnection
  /** Who had it last: it knows that tenant's statements. */
  readonly tenant: string
  readonly sinceMs: number
}

/** Idle connections by the tenant that had them last, and in the order in which they came. */
export class IdleConnections {
  readonly #all = new LinkedList<Idle>()
  /** The tenants' own, in the same order: the last of all is the last of its tenant too. */
  readonly #byTenant = new Map<string, Link<Idle>[]>()

  get size(): number {
    return this.#all.length
  }

  /** The one that has been idle longest comes first. */
  [Symbol.iterator](): Generator<Idle, void, undefined> {
    return this.#all[Symbol.iterator]()
  }

  push(idle: Idle): void {
    const link = this.#all.push(idle)
    const own = this.#byTenant.get(idle.tenant)
    if (own === undefined) this.#byTenant.set(idle.tenant, [link])
    else own.push(link)
  }

  /** The tenant's own latest one, else the latest of all: those that are needed least stay idle. */
  take(tenant: string): ServerConnection | undefined {
    const link = this.#pop(tenant) ?? this.#pop(this.#all.last?.tenant)
    if (link === undefined) return undefined
    this.#all.delete(link)
    return link.value.connection
  }

  /** False where the connection isn't idle. */
  delete(connection: ServerConnection): boolean {
    for (const own of this.#byTenant.values()) {
      const index = own.findIndex((link) => link.value.connection === connection)
      const [link] = index < 0 ? [] : own.splice(index, 1)
      if (link === undefined) continue
      this.#all.delete(link)
      this.#dropEmpty(link.value.tenant, own)
      return true
    }
    return false
  }

  #pop(tenant: string | undefined): Link<Idle> | undefined {
    if (tenant === undefined) return undefined
    const own = this.#byTenant.get(tenant)
    const link = own?.pop()
    if (own !== undefined) this.#dropEmpty(tenant, own)
    return link
  }

  #dropEmpty(tenant: string, own: readonly Link<Idle>[]): void {
    if (own.length === 0) this.#byTenant.delete(tenant)
  }
}
