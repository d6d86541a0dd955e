import type { DatabaseOptions } from '../../src/demo/database/database.js'
import { dockerAnswers } from '../../src/demo/database/docker.js'
import { embeddedBinaries } from '../../src/demo/database/embedded-binaries.js'
import { systemBinaries } from '../../src/demo/database/system-binaries.js'

/** `main` is whatever the order of sources gives; `system` is this machine's own PostgreSQL, when it is another one. */
export type ServerKey = 'main' | 'system'

/** Tests look at behaviour, not at what survives a power failure; some of them open many connections at once. */
const SETTINGS = { max_connections: '200', max_prepared_transactions: '10' }

export function startOptions(key: ServerKey): DatabaseOptions {
  return key === 'main' ? { settings: SETTINGS } : { settings: SETTINGS, source: 'system' }
}

/** What a run can be made against; looks only, starts nothing. */
export async function installedServers() {
  const system = systemBinaries(process.env.PATH ?? '')
  const main = await mainServer(system?.major)
  const servers = [{ key: 'main' as ServerKey, ...main }]
  if (system !== undefined && main.label !== `${system.major} system`)
    servers.push({ key: 'system', label: `${system.major} system`, major: system.major })
  return servers
}

/** The same order as `startDatabase`; 0 stands for a major version that only a connection can tell. */
async function mainServer(systemMajor: number | undefined) {
  if (process.env.DATABASE_URL) return { label: 'DATABASE_URL', major: 0 }
  if (await dockerAnswers(process.env)) return { label: '18 docker', major: 18 }
  const embedded = embeddedBinaries()
  if (embedded !== undefined) return { label: `${embedded.major} embedded`, major: embedded.major }
  return { label: `${systemMajor ?? 'no'} system`, major: systemMajor ?? 0 }
}
