import type { Socket } from 'node:net'
import { GatewayError } from '../core/errors.js'
import type { TenantId } from '../core/ids.js'
import type { SessionMetrics } from '../metrics/metrics.js'
import { parseSearchPath } from '../sql/search-path.js'
import { tenantsOf } from '../tenants/reach.js'
import type { Limits } from '../tenants/tenant.js'
import type { ExpectedReply } from '../upstream/expected-replies.js'
import { Outgoing } from '../upstream/outgoing.js'
import type { SettingValues } from '../upstream/own-sql.js'
import type { ServerConnection } from '../upstream/server-connection.js'
import { SessionSettings } from '../upstream/session-settings.js'
import { AwaitedCompilation } from './awaited-compilation.js'
import { boundedValue } from './bounded-timeouts.js'
import { type ClientStatement, Execution } from './client-statement.js'
import type { Compilation } from './compilation.js'
import type { RunningCopy } from './copy.js'
import { Ending, type Urgency } from './ending.js'
import { encodeError } from './error-message.js'
import type { StatementChange } from './extended/statement-change.js'
import { hangUp } from './hang-up.js'
import { accountOf, type ScopedIdentity, tenantLabel } from './identity.js'
import { literalMeaning, Reading } from './literal-meaning.js'
import { PreparedTexts } from './prepared-texts.js'
import { ServerLease } from './server-lease.js'
import type { SessionServices } from './services.js'
import { LiveLimits } from './tenant-limits.js'
import { demandBoundedTimeout } from './timeout-effects.js'
import { UnnamedPortal } from './unnamed-portal.js'

export interface SessionOptions {
  readonly socket: Socket
  readonly services: SessionServices
  readonly identity: ScopedIdentity
  /** The settings of the startup packet: what RESET goes back to. */
  readonly startupSettings: SettingValues
}

/** One client that is logged in: what it has prepared, set and asked for. The message handlers work on it. */
export class Session {
  readonly services: SessionServices
  readonly identity: ScopedIdentity
  /** Under which name its connections and statements are counted. */
  readonly account: string
  /** Whose rows its statements work on. */
  readonly tenants: readonly TenantId[]
  readonly metrics: SessionMetrics
  readonly settings: SessionSettings
  readonly statements = new PreparedTexts<ClientStatement>()
  /** Statements whose Parse or Close the server hasn't answered, by name; the latest of each. */
  readonly changes = new Map<string, StatementChange>()
  readonly portals = new Map<string, ClientStatement>()
  /** What was prepared by SQL, as it was compiled then, by name. */
  readonly prepared = new PreparedTexts<Compilation>()
  readonly unnamedPortal = new UnnamedPortal()
  /** Shared by all that execute the unnamed portal. */
  readonly unnamedExecution: ExpectedReply = Execution.reply(this.portals, '')
  readonly reading: Reading = new Reading(this)
  readonly compiling: AwaitedCompilation
  readonly outgoing: Outgoing
  readonly lease: ServerLease
  /** What the client was told at login that its process id is. */
  processId = 0
  /** A message of the extended protocol was refused while no server took part: all up to the next Sync is ignored. */
  skipping = false
  /** The COPY … FROM STDIN whose rows the server waits for. */
  copy: RunningCopy | null = null
  readonly #socket: Socket
  readonly #awake = () => this.wake()
  #wake: () => void = () => {}
  readonly #ending = new Ending()
  #ended = false
  readonly #limits: LiveLimits
  #pathText: string | undefined
  #path: readonly string[] | null = null

  constructor({ socket, services, identity, startupSettings }: SessionOptions) {
    const { login, reach } = identity
    this.services = services
    this.identity = identity
    this.account = accountOf(identity)
    this.tenants = tenantsOf(reach)
    this.#limits = new LiveLimits(services, identity)
    this.metrics = services.metrics.session(tenantLabel(reach), login.kind)
    this.settings = new SessionSettings(startupSettings, (name, value) => this.#bounded(name, value))
    const { account: tenant, tenants } = this
    this.compiling = new AwaitedCompilation({
      compiler: services.compiler,
      tenant,
      tenants,
      wake: this.#awake,
    })
    this.outgoing = new Outgoing(socket)
    this.lease = new ServerLease(this)
    this.#socket = socket
    socket.on('drain', () => this.#drained())
  }

  /** The server connection of the running transaction, null where none has been leased. */
  get connection(): ServerConnection | null {
    return this.lease.connection
  }

  get hasEnded(): boolean {
    return this.#ended
  }

  /** No more is read from the client for now; `wake` follows. */
  get congested(): boolean {
    return this.outgoing.congested || this.lease.congested
  }

  /** `wake` is called when a message that had to wait may be tried again. */
  onWake(wake: () => void): void {
    this.#wake = wake
  }

  wake(): void {
    this.#wake()
  }

  write(bytes: Buffer): void {
    this.outgoing.push(bytes)
  }

  flush(): void {
    const sent = this.outgoing.flush()
    if (sent > 0) this.metrics.sent(sent)
  }

  /** The schemas that unqualified names are looked up in. */
  searchPath(): readonly string[] {
    const text = this.settings.get('search_path')
    if (text === undefined) return this.services.policy.value.searchPath
    if (this.#path === null || text !== this.#pathText) {
      this.#pathText = text
      this.#path = parseSearchPath(text) ?? []
    }
    return this.#path
  }

  /**
   * Null: the text takes a while; the session is woken when it is compiled.
   *
   * Throws   a GatewayError that tells why the text is refused
   */
  compile(
    text: Buffer,
    parameterTypes: readonly number[],
    protocol: 'simple' | 'extended',
  ): Compilation | null {
    const snapshot = this.services.snapshot.value
    const policy = this.services.policy.value
    const searchPath = this.searchPath()
    const { kind } = this.identity.login
    const { tables: temporaries, hasPrepared } = this.lease.pinning.held
    const context = { snapshot, policy, kind, searchPath, parameterTypes, temporaries, hasPrepared, protocol }
    const compiled = this.compiling.compile(text, context)
    if (compiled === null) return null
    const sql = compiled.bind(this.tenants)
    demandBoundedTimeout(compiled.statements, this.limits)
    const reading = protocol === 'extended' ? this.reading.now : null
    const meaning = protocol === 'extended' ? literalMeaning(compiled, reading) : ''
    const names = { searchPath, temporaries, hasPrepared }
    const { account } = this
    return {
      account,
      text,
      parameterTypes,
      compiled,
      sql,
      snapshot,
      policy,
      ...names,
      protocol,
      reading,
      meaning,
    }
  }

  /**
   * Counts one more statement that runs. False: it isn't known yet whether it may; the session is woken when it is.
   *
   * Throws   RATE_LIMITED
   */
  countStatement(): boolean {
    const { queriesPerSecond } = this.limits
    const waitMs = this.services.quotas.take(this.account, queriesPerSecond, this.#awake)
    if (waitMs === null) return false
    if (waitMs > 0) throw new GatewayError('RATE_LIMITED', {}, { hint: `Try again in ${waitMs} ms.` })
    return true
  }

  /**
   * Whether the server may be asked to execute a portal. False: that isn't certain yet; the session is woken when it is.
   *
   * Throws   PORTAL_UNKNOWN
   */
  knowsPortal(portal: string): boolean {
    const { connection, unnamedPortal } = this
    if (connection === null) throw new GatewayError('PORTAL_UNKNOWN', { portal })
    if (portal !== '' || unnamedPortal.isBound(connection.cycle)) return true
    if (unnamedPortal.isExpected && !this.lease.hasAllAnswers()) return false
    throw new GatewayError('PORTAL_UNKNOWN', { portal })
  }

  /** Its limits as they are now. */
  get limits(): Limits {
    return this.#limits.value
  }

  /** False where it isn't certain yet whether the statement of that name exists; the session is woken when it is. */
  knows(name: string): boolean {
    const change = this.changes.get(name)
    // within one cycle the server skips what relies on a change that fails
    if (change === undefined || change.cycle === this.connection?.cycle) return true
    return this.lease.hasAllAnswers()
  }

  /** Whether a text would still be sent as it was, for the schema and the policy of now; null: as `compile`. */
  isStillSent(compilation: Compilation): boolean | null {
    const { snapshot, policy } = this.services
    if (compilation.snapshot === snapshot.value && compilation.policy === policy.value) return true
    const { kind } = this.identity.login
    const { text, searchPath, parameterTypes, protocol, temporaries, hasPrepared } = compilation
    const held = { temporaries, hasPrepared, protocol }
    const schema = { snapshot: snapshot.value, policy: policy.value }
    try {
      const now = this.compiling.compile(text, { ...schema, kind, searchPath, parameterTypes, ...held })
      return now === null ? null : now.bind(this.tenants).equals(compilation.sql)
    } catch (error) {
      if (error instanceof GatewayError && error.code !== 'CANCELLED') return false
      throw error
    }
  }

  isCurrent({ snapshot, policy, searchPath, temporaries, hasPrepared }: Compilation): boolean {
    const { held } = this.lease.pinning
    return (
      temporaries === held.tables &&
      hasPrepared === held.hasPrepared &&
      snapshot === this.services.snapshot.value &&
      policy === this.services.policy.value &&
      searchPath === this.searchPath()
    )
  }

  end(error: GatewayError, urgency: Urgency = 'message'): void {
    this.#ending.order(error, urgency)
    if (this.lease.isIdle) this.endIfAsked()
  }

  /** True where the session is over. */
  endIfAsked(): boolean {
    const reason = this.#ending.isOrdered ? this.#ending.due(this.lease.isIdle) : null
    if (reason !== null) this.fail(reason)
    return this.#ended
  }

  cancel(): void {
    if (!this.compiling.cancel()) this.lease.cancel()
  }

  /** A last word to the client, and the end; none in the middle of a row, whose bytes it would be taken for. */
  fail(error: GatewayError): void {
    if (this.#ended) return
    if (this.connection?.isMidMessage !== true) this.write(encodeError(error))
    this.close()
  }

  /** What is written still leaves; the server connection is given back or dropped. Idempotent. */
  close(): void {
    if (this.#ended) return
    this.#ended = true
    this.compiling.forget()
    this.flush()
    this.lease.abandon()
    hangUp(this.#socket)
    this.metrics.closed()
  }

  #bounded(name: string, value: string): string {
    return boundedValue(name, value, this.limits) ?? value
  }

  #drained(): void {
    this.lease.clientDrained()
    this.wake()
  }
}
