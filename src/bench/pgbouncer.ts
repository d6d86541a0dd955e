import { spawnSync } from 'node:child_process'
import { freePort } from '../demo/database/free-port.js'
import { serverAccount } from '../demo/database/server-account.js'
import { type Companion, startCompanion } from './companion.js'
import type { Credentials } from './peer.js'

export interface PgBouncerOptions {
  readonly program: string
  readonly routes: readonly Route[]
  /** Server connections for each database. */
  readonly poolSize: number
}

/** One database behind it, and who may connect. */
export interface Route {
  readonly server: Credentials
  /**
   * `SCRAM-SHA-256$…`, the very one that the database has.
   *
   * With it PgBouncer logs in at the database with the keys of the client's own login, and never needs the password.
   */
  readonly verifier: string
}

export interface PgBouncer {
  readonly version: string
  readonly pid: number
  readonly port: number
  /** Prepared statements in transaction mode came with 1.21. */
  readonly prepares: boolean
  stop(): Promise<void>
}

/** PgBouncer in transaction mode, with SCRAM on both sides; as root it gets another account, since it refuses root. */
export async function startPgBouncer(options: PgBouncerOptions): Promise<PgBouncer> {
  const version = versionOf(options.program)
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const prepares = major > 1 || minor >= 21
  const port = await freePort()
  const companion: Companion = await startCompanion({
    name: 'PgBouncer',
    program: options.program,
    args: () => ['pgbouncer.ini'],
    files: {
      'pgbouncer.ini': configuration(options, port, prepares),
      'users.txt': options.routes.map(({ server, verifier }) => `"${server.user}" "${verifier}"\n`).join(''),
    },
    account: serverAccount(),
    port,
  })
  return { version, pid: companion.pid, port, prepares, stop: companion.stop }
}

function versionOf(program: string): string {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return /\d+(\.\d+)+/.exec(stdout ?? '')?.[0] ?? 'unknown'
}

function configuration({ routes, poolSize }: PgBouncerOptions, port: number, prepares: boolean): string {
  const databases = routes.map(
    ({ server }) => `${server.database} = host=${server.host} port=${server.port} dbname=${server.database}`,
  )
  return `[databases]
${databases.join('\n')}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = users.txt
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 8000
log_connections = 0
log_disconnections = 0
log_stats = 0
${prepares ? 'max_prepared_statements = 200\n' : ''}`
}
