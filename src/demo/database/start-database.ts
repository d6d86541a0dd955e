import { randomBytes } from 'node:crypto'
import type { Binaries } from './binaries.js'
import { prepareCluster } from './cluster.js'
import type { Database, DatabaseOptions, DatabaseSource } from './database.js'
import { dockerAnswers, startContainer } from './docker.js'
import { embeddedBinaries } from './embedded-binaries.js'
import { freePort } from './free-port.js'
import { startServer } from './server.js'
import { systemBinaries } from './system-binaries.js'

const PORT_ATTEMPTS = 5
const PORT_TAKEN = /could not bind|could not create any TCP\/IP sockets/

/** Data that nobody keeps need no protection against a power failure. */
const UNSAFE_AND_FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

type Start = (options: DatabaseOptions) => Promise<Database | undefined>

/** In order of preference; undefined where a source doesn't exist on this machine. */
const SOURCES = {
  url: async () => databaseAt(process.env.DATABASE_URL),
  docker: async ({ settings = {} }) =>
    (await dockerAnswers(process.env))
      ? startContainer({
          password: randomBytes(18).toString('hex'),
          settings: { ...UNSAFE_AND_FAST, ...settings },
        })
      : undefined,
  embedded: async (options) => startBinaries(embeddedBinaries(), options),
  system: async (options) => startBinaries(systemBinaries(process.env.PATH ?? ''), options),
} as const satisfies Record<DatabaseSource, Start>

/**
 * Gives a PostgreSQL to work with: `DATABASE_URL`, else a container, else a server of our own on 127.0.0.1.
 *
 * A source that exists but fails gives way to the next one; `options.source` names the only one to try.
 *
 * Throws   an Error that lists what was tried and why it failed
 */
export async function startDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const names = Object.keys(SOURCES) as DatabaseSource[]
  const failures: string[] = []
  for (const name of options.source === undefined ? names : [options.source]) {
    try {
      const database = await SOURCES[name](options)
      if (database !== undefined) return database
      failures.push(`${name}: not available here`)
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new Error(`no PostgreSQL could be started\n${failures.join('\n')}`)
}

function databaseAt(url: string | undefined): Database | undefined {
  return url ? { url, source: 'url', stop: async () => {} } : undefined
}

async function startBinaries(
  binaries: Binaries | undefined,
  options: DatabaseOptions,
): Promise<Database | undefined> {
  if (binaries === undefined) return undefined
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? options.port : 0)
    try {
      return await startOn(port, binaries, options)
    } catch (error) {
      // between looking and starting, somebody else took the port
      if (attempt === PORT_ATTEMPTS || !PORT_TAKEN.test(String(error))) throw error
    }
  }
}

async function startOn(port: number, binaries: Binaries, options: DatabaseOptions): Promise<Database> {
  const cluster = prepareCluster(binaries, options.dataDirectory)
  const settings = { ...(cluster.temporary ? UNSAFE_AND_FAST : {}), ...options.settings }
  const server = await startServer(binaries, cluster, { port, settings })
  return {
    url: `postgres://postgres:${cluster.password}@127.0.0.1:${port}/postgres`,
    source: binaries.source,
    stop: () => server.stop(),
  }
}
