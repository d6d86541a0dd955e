import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { Throttle } from '../../src/auth/throttle.js'
import { ConfigurationSchema } from '../../src/config/schema.js'
import { type Clock, SystemClock } from '../../src/core/clock.js'
import { TlsEndpoint } from '../../src/net/tls-endpoint.js'
import { openTokenLogins } from '../../src/session/token-logins.js'
import { TestCa } from './certificates.js'
import { type TestDatabase, testDatabase } from './database.js'
import { type TestGateway, testGateway } from './gateway.js'
import { AUDIENCE, ISSUER, keySet, type SigningKey } from './issuer.js'
import { WireClient } from './wire-client.js'

/** Gateways that take tokens over TLS, one at a time, and clients of the one that runs. */
export class TokenStage {
  readonly database: TestDatabase
  readonly ca: TestCa
  /** The file of keys. */
  readonly jwks: string
  #gateway: TestGateway | null = null
  readonly #folder: string
  readonly #clients: Client[] = []

  private constructor(database: TestDatabase, ca: TestCa, folder: string) {
    this.database = database
    this.ca = ca
    this.#folder = folder
    this.jwks = join(folder, 'jwks.json')
  }

  static async create(): Promise<TokenStage> {
    const folder = await mkdtemp(join(tmpdir(), 'tenantgate-tokens-'))
    return new TokenStage(await testDatabase(), await TestCa.create('the test'), folder)
  }

  get gateway(): TestGateway {
    if (this.#gateway === null) throw new Error('no gateway was started')
    return this.#gateway
  }

  /** With a key in the file; or with keys from elsewhere, and a time of its own for how old they are. */
  async start(key: SigningKey, jwks: string = this.jwks, clock: Clock = SystemClock): Promise<void> {
    await writeFile(this.jwks, keySet(key))
    const upstream = this.database.url
    const { auth } = ConfigurationSchema.parse({
      upstream: { url: upstream, operatorUrl: upstream },
      auth: { jwt: { jwks, issuer: ISSUER, audience: AUDIENCE, clockToleranceSeconds: 0 } },
    })
    const tokens = await openTokenLogins(auth.jwt, { clock, onProblem: () => {} })
    const tls = new TlsEndpoint({ ...(await this.ca.server()), clientCa: null })
    const throttle = new Throttle({ clock: SystemClock, firstDelayMs: 60_000 })
    this.#gateway = await testGateway({ upstream, tls, services: { tokens }, throttle })
  }

  async connect(password: string, changes: { user?: string; database?: string } = {}): Promise<Client> {
    const client = new Client({
      ...{ host: '127.0.0.1', port: this.gateway.port, ssl: { ca: this.ca.certificate.toString() } },
      ...{ user: 'token', password, database: this.database.name, ...changes },
    })
    client.on('error', () => {})
    await client.connect()
    this.#clients.push(client)
    return client
  }

  wire(token: string): Promise<WireClient> {
    const url = new URL(this.gateway.url('token', { sslmode: 'no-verify' }))
    url.password = token
    return WireClient.connect(url.href)
  }

  /** Ends the gateway and its clients. Gives what should not have happened. */
  async stop(): Promise<readonly unknown[]> {
    for (const client of this.#clients.splice(0)) await client.end()
    const { gateway } = this
    this.#gateway = null
    await gateway.stop()
    return gateway.bugs
  }

  async close(): Promise<void> {
    await this.database.drop()
    await rm(this.#folder, { recursive: true })
  }
}
