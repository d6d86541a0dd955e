import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import type { GatewayError } from '../core/errors.js'
import type { TenantCatalog } from '../tenants/catalog.js'
import { isSameReach, reachOf } from '../tenants/reach.js'
import type { Urgency } from './ending.js'
import { type Identity, isByToken } from './identity.js'

/** What a client shows to cancel; the gateway's own, never a server's. */
export interface SessionKey {
  readonly processId: number
  readonly secret: Buffer
}

/** A session as seen from outside. */
export interface RegisteredSession {
  readonly identity: Identity
  cancel(): void
  /** As soon as no transaction is open; at the latest with its next message, unless it isn't that urgent. */
  end(error: GatewayError, urgency?: Urgency): void
}

/** Every session that is logged in. */
export class Registry {
  readonly #sessions = new Map<number, { readonly secret: Buffer; readonly session: RegisteredSession }>()
  readonly #cancelElsewhere: (key: SessionKey) => void
  #ending: (() => GatewayError) | null = null

  /** `cancelElsewhere` gets the keys of sessions that aren't here. */
  constructor(cancelElsewhere: (key: SessionKey) => void = () => {}) {
    this.#cancelElsewhere = cancelElsewhere
  }

  get size(): number {
    return this.#sessions.size
  }

  /** `secretBytes`: 4 in protocol 3.0, 32 from 3.2 on. */
  add(session: RegisteredSession, secretBytes: number): SessionKey {
    let processId = 0
    do processId = randomInt(1, 0x7fffffff)
    while (this.#sessions.has(processId))
    const secret = randomBytes(secretBytes)
    this.#sessions.set(processId, { secret, session })
    return { processId, secret }
  }

  /** To be asked of every session that has just been greeted. */
  endIfEnding(session: RegisteredSession): void {
    if (this.#ending !== null) session.end(this.#ending(), 'transaction')
  }

  delete(processId: number): void {
    this.#sessions.delete(processId)
  }

  /** A key that fits nobody is ignored, as the server does. */
  cancel(key: SessionKey): void {
    if (this.#sessions.has(key.processId)) this.cancelHere(key)
    else this.#cancelElsewhere(key)
  }

  cancelHere(key: SessionKey): void {
    const entry = this.#sessions.get(key.processId)
    if (entry === undefined || entry.secret.length !== key.secret.length) return
    if (timingSafeEqual(entry.secret, key.secret)) entry.session.cancel()
  }

  /** Ends the sessions whose login or tenants are no longer what they were at login. */
  enforce(catalog: TenantCatalog, error: () => GatewayError): void {
    for (const { session } of this.#sessions.values())
      if (!isStillActive(session.identity, catalog)) session.end(error())
  }

  /** Each as soon as no transaction is open, those as well that log in later. */
  endAll(error: () => GatewayError): void {
    this.#ending = error
    for (const { session } of this.#sessions.values()) session.end(error(), 'transaction')
  }
}

/** Whether a login and what it reaches are as they were when it logged in; a token's grant is, until it ends. */
export function isStillActive(identity: Identity, catalog: TenantCatalog): boolean {
  const { login, reach } = identity
  const now = isByToken(identity) ? login : catalog.logins.get(login.name)
  if (now === undefined || now.disabled || now.kind !== login.kind) return false
  const reachNow = reachOf(now, catalog)
  return reachNow !== null && isSameReach(reachNow, reach)
}
