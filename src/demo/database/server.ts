import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Binaries } from './binaries.js'
import type { Cluster } from './cluster.js'

/** What the server is to be: everything but where the programs and the data are. */
export interface ServerOptions {
  readonly port: number
  readonly settings: Readonly<Record<string, string>>
}

/** A server process in the care of its supervisor. */
export interface Server {
  stop(): Promise<void>
}

const SUPERVISOR = fileURLToPath(new URL('./supervisor.mjs', import.meta.url))

/**
 * Starts a server under a supervisor of its own; resolves when it accepts connections.
 *
 * Neither process keeps ours from ending: they end with it.
 *
 * Throws   an Error with the last lines of the server's log
 */
export async function startServer(
  binaries: Binaries,
  cluster: Cluster,
  options: ServerOptions,
): Promise<Server> {
  const supervisor = spawn(process.execPath, [SUPERVISOR], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
    cwd: '/',
    env: {},
  })
  const ended = once(supervisor, 'exit')
  // where it could not be spawned, `readiness` says so
  ended.catch(() => {})
  supervisor.send(orders(binaries, cluster, options))
  await readiness(supervisor)
  supervisor.unref()
  supervisor.channel?.unref()
  return {
    async stop() {
      supervisor.ref()
      if (supervisor.connected) supervisor.disconnect()
      await ended
    },
  }
}

async function readiness(supervisor: ChildProcess): Promise<void> {
  const answer = await Promise.race([
    once(supervisor, 'message').then(([message]) => message as { ready?: true; failed?: string }),
    once(supervisor, 'exit').then(() => ({ failed: 'its supervisor ended' })),
  ])
  if ('failed' in answer) throw new Error(`PostgreSQL did not start: ${answer.failed}`)
}

function orders(binaries: Binaries, cluster: Cluster, options: ServerOptions) {
  const settings = {
    ...options.settings,
    port: String(options.port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
  }
  return {
    folder: cluster.folder,
    temporary: cluster.temporary,
    account: cluster.account,
    // nothing of the caller's environment: PG* variables, a missing locale or NODE_OPTIONS would change the server
    environment: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    initdb: { program: binaries.initdb, args: initdbArguments(join(cluster.folder, 'password')) },
    postgres: {
      program: binaries.postgres,
      args: Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    },
  }
}

function initdbArguments(passwordFile: string): readonly string[] {
  const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C'
  return [
    ...['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    ...['--encoding=UTF8', `--locale=${locale}`, '--no-sync'],
  ]
}
