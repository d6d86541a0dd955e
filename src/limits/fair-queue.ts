import { type Link, LinkedList } from '../core/linked-list.js'
import { type Prioritized, PriorityQueue } from './priority-queue.js'

/** Somebody who wants to hold one of what there are too few of. */
export interface Claim {
  readonly tenant: string
  /** How much the tenant gets of what is contended for, against another's weight; more than 0. */
  readonly weight: number
  /** How many its tenant may hold at a time; 0: as many as anybody. */
  readonly maxLeases: number
}

interface Account<C> extends Prioritized {
  readonly tenant: string
  readonly claims: LinkedList<C>
  leases: number
  weight: number
  /** Virtual time: what its leases have used so far, divided by its weight. */
  key: number
  /** Until when `key` counts. */
  countedMs: number
  order: number
  /** Claims that could be granted now. */
  demand: number
}

/**
 * Who gets the next lease: the tenant that has used least of the time that was to be had, relative to its weight.
 *
 * Start-time fair queueing: a tenant's virtual time advances while it holds leases, those that still run included. The
 * queue's own is that of the lease that began last; whoever comes back from doing nothing begins there, so that nobody
 * saves up. Within a tenant it is first come, first served. A grant costs the logarithm of the tenants that wait.
 *
 * Units    ms of `now`, which never goes back
 * Source   Goyal, Vin, Cheng: Start-time Fair Queueing, SIGCOMM 1996
 */
export class FairQueue<C extends Claim> {
  readonly #perTenant: number
  readonly #accounts = new Map<string, Account<C>>()
  /** Accounts whose first claim could be granted; a key may lie before what it would be now, never behind. */
  readonly #ready = new PriorityQueue<Account<C>>()
  readonly #links = new Map<C, Link<C>>()
  #virtualMs = 0
  #arrivals = 0
  #demand = 0

  /** `perTenant`: leases that any tenant may have at a time. */
  constructor(perTenant: number) {
    this.#perTenant = perTenant
  }

  /** Claims that wait. */
  get length(): number {
    return this.#links.size
  }

  /** Claims that wait for nothing but that there is something to lease. */
  get demand(): number {
    return this.#demand
  }

  /** Begins a lease at once if nobody has to be served before; else false. */
  tryStart(claim: C, nowMs: number): boolean {
    if (this.#demand > 0) return false
    const account = this.#accountOf(claim)
    if (account.claims.length > 0 || this.#allowance(account, claim) <= 0) return false
    this.#start(account, claim, nowMs)
    return true
  }

  push(claim: C, nowMs: number): void {
    const account = this.#accountOf(claim)
    this.#links.set(claim, account.claims.push(claim))
    this.#update(account, nowMs)
  }

  /** A claim is given up; false where it doesn't wait any more. */
  delete(claim: C, nowMs: number): boolean {
    const link = this.#links.get(claim)
    const account = this.#accounts.get(claim.tenant)
    if (link === undefined || account === undefined) return false
    this.#takeOut(account, link)
    this.#update(account, nowMs)
    this.#forget(account)
    return true
  }

  /** Begins the lease of the claim whose turn it is, and gives that; undefined where nobody may have one. */
  next(nowMs: number): C | undefined {
    for (let account = this.#ready.first; account !== undefined; account = this.#ready.first) {
      const before = account.key
      // limits change while somebody waits, and time goes on for who has leases
      this.#update(account, nowMs)
      if (account.place !== 0 || account.key !== before) continue
      const claim = account.claims.first
      const link = claim === undefined ? undefined : this.#links.get(claim)
      if (claim === undefined || link === undefined) continue
      this.#takeOut(account, link)
      // among equals, the others are next
      account.order = this.#arrived()
      this.#start(account, claim, nowMs)
      return claim
    }
    return undefined
  }

  /** A lease of the tenant's is over. */
  end(tenant: string, nowMs: number): void {
    const account = this.#accounts.get(tenant)
    if (account === undefined) return
    count(account, nowMs)
    account.leases -= 1
    if (isInvolved(account)) this.#update(account, nowMs)
    else this.#forget(account)
  }

  /** Whether the tenant's own limits stand in the claim's way. */
  isCapped(claim: C): boolean {
    const account = this.#accounts.get(claim.tenant)
    return account !== undefined && this.#allowance(account, claim) <= 0
  }

  /** Looks again at what limits may have changed. */
  review(nowMs: number): void {
    for (const account of this.#accounts.values()) {
      this.#update(account, nowMs)
      this.#forget(account)
    }
  }

  /** Everybody who waits, and will be told something else. */
  drain(nowMs: number): readonly C[] {
    const claims = [...this.#links.keys()]
    for (const claim of claims) this.delete(claim, nowMs)
    return claims
  }

  #accountOf({ tenant, weight }: C): Account<C> {
    const known = this.#accounts.get(tenant)
    if (known !== undefined) return known
    const account: Account<C> = {
      tenant,
      weight,
      claims: new LinkedList<C>(),
      leases: 0,
      key: this.#virtualMs,
      countedMs: 0,
      order: 0,
      place: -1,
      demand: 0,
    }
    this.#accounts.set(tenant, account)
    return account
  }

  #start(account: Account<C>, { weight }: C, nowMs: number): void {
    this.#catchUp(account, nowMs)
    this.#virtualMs = account.key
    account.weight = weight
    account.leases += 1
    if (isInvolved(account)) this.#update(account, nowMs)
  }

  #arrived(): number {
    this.#arrivals += 1
    return this.#arrivals
  }

  /** Nobody has a time before the queue's: what was left unused is gone. */
  #catchUp(account: Account<C>, nowMs: number): void {
    count(account, nowMs)
    if (account.key < this.#virtualMs) account.key = this.#virtualMs
  }

  #takeOut(account: Account<C>, link: Link<C>): void {
    account.claims.delete(link)
    this.#links.delete(link.value)
  }

  #allowance({ leases }: Account<C>, { maxLeases }: C): number {
    return (maxLeases === 0 ? this.#perTenant : Math.min(this.#perTenant, maxLeases)) - leases
  }

  /** Sees to it that an account stands where it belongs. */
  #update(account: Account<C>, nowMs: number): void {
    const { first } = account.claims
    const allowance = first === undefined ? 0 : Math.max(0, this.#allowance(account, first))
    const demand = Math.min(account.claims.length, allowance)
    this.#demand += demand - account.demand
    account.demand = demand
    count(account, nowMs)
    if (demand === 0) {
      this.#ready.delete(account)
      return
    }
    if (account.place < 0) {
      this.#catchUp(account, nowMs)
      account.order = this.#arrived()
    }
    this.#ready.place(account)
  }

  /** One that has used more than others is remembered until they have caught up. */
  #forget(account: Account<C>): void {
    if (account.leases === 0 && account.claims.length === 0 && account.key <= this.#virtualMs)
      this.#accounts.delete(account.tenant)
  }
}

/** Whether somebody of the tenant waits, or has just ceased to. */
function isInvolved(account: Account<unknown>): boolean {
  return account.claims.length > 0 || account.place >= 0
}

/** Brings an account's virtual time up to now. */
function count(account: Account<unknown>, nowMs: number): void {
  if (account.leases > 0) account.key += (account.leases * (nowMs - account.countedMs)) / account.weight
  account.countedMs = nowMs
}
