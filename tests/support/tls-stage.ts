import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Cell } from '../../src/core/current.js'
import { LoginName } from '../../src/core/ids.js'
import { TlsEndpoint } from '../../src/net/tls-endpoint.js'
import type { TenantCatalog } from '../../src/tenants/catalog.js'
import type { Login } from '../../src/tenants/login.js'
import { TestCa, type TestCertificate } from './certificates.js'
import { type TestDatabase, testDatabase } from './database.js'
import { type TestGateway, testCatalog, testGateway } from './gateway.js'

/** Two gateways that offer TLS, and the certificates for both ends. */
export interface TlsStage {
  readonly database: TestDatabase
  readonly ca: TestCa
  /** An authority that nobody trusts. */
  readonly strangers: TestCa
  readonly server: TestCertificate
  /** A client's, of the common name `alice of acme`. */
  readonly alice: TestCertificate
  /** Takes plain clients and encrypted ones. */
  readonly allowing: TestGateway
  /** Takes encrypted ones only, and certificates of `ca`: `alice` has no password, `carol` is disabled, `bob` has no certificate. */
  readonly requiring: TestGateway
  /** For files; holds `root.pem`, the certificate of `ca`. */
  readonly folder: string
  stop(): Promise<void>
}

export async function tlsStage(): Promise<TlsStage> {
  const database = await testDatabase()
  const [ca, strangers] = [await TestCa.create('the test'), await TestCa.create('somebody else')]
  const server = await ca.server()
  const upstream = database.url
  const allowing = await testGateway({ upstream, tls: new TlsEndpoint({ ...server, clientCa: null }) })
  const requiring = await testGateway({
    upstream,
    tls: new TlsEndpoint({ ...server, clientCa: ca.certificate }),
    services: { requiresTls: true, catalog: new Cell(catalogWithCertificate()) },
  })
  const folder = await mkdtemp(join(tmpdir(), 'tenantgate-tls-'))
  await writeFile(join(folder, 'root.pem'), ca.certificate)
  return {
    ...{ database, ca, strangers, server, allowing, requiring, folder },
    alice: await ca.client('alice of acme'),
    stop: async () => {
      await allowing.stop()
      await requiring.stop()
      await database.drop()
      await rm(folder, { recursive: true })
    },
  }
}

function catalogWithCertificate(): TenantCatalog {
  const catalog = testCatalog()
  const change = (name: string, changes: Partial<Login>): [LoginName, Login] => {
    const login = catalog.logins.get(LoginName.of(name))
    if (login === undefined) throw new Error(`no login ${name}`)
    return [login.name, { ...login, ...changes }]
  }
  return {
    ...catalog,
    logins: new Map([
      ...catalog.logins,
      change('alice', { certificateCn: 'alice of acme', secret: null }),
      change('carol', { certificateCn: 'alice of acme' }),
    ]),
  }
}
