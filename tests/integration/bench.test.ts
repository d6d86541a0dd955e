import { Client } from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { PEER_NAMES } from '../../src/bench/peer.js'
import { runBench } from '../../src/bench/run-bench.js'
import { cellsOf } from '../../src/bench/workload.js'
import { hasProgram } from '../support/programs.js'
import { serverUrl } from '../support/servers.js'
import { sourceCommand } from '../support/source-command.js'

let url = ''
beforeEach(async () => {
  url = await serverUrl()
  vi.stubEnv('DATABASE_URL', url)
})
afterEach(() => vi.unstubAllEnvs())

const bench = (only: string, searchPath: string) =>
  runBench({
    cells: cellsOf(only),
    extras: [],
    peers: PEER_NAMES,
    seconds: 2,
    rounds: 1,
    command: [process.execPath, ...sourceCommand('src/cli/main.ts')],
    profile: null,
    searchPath,
    version: '0',
    progress: () => {},
    signal: new AbortController().signal,
  })

test.runIf(hasProgram('pgbench'))(
  'every peer that is installed gets its transactions through, and nothing is left behind',
  async () => {
    const result = await bench('read-write/prepared/1', process.env.PATH ?? '')
    const failures = result.cells.flatMap(({ peers }) =>
      Object.entries(peers).filter(([, got]) => 'failure' in got || !(got.unitsPerSecond > 0)),
    )
    expect(failures).toEqual([])
    const wanted = result.versions.pgbouncer === null ? ['direct', 'relay', 'tenantgate'] : PEER_NAMES
    expect(result.cells.map(({ peers }) => Object.keys(peers))).toEqual([wanted])
    expect(result.compiler.cachedPointReadUs).toBeGreaterThan(0)
    expect(await leftovers()).toEqual([])
  },
  // it opens every peer and measures each for a moment
  240_000,
)

async function leftovers(): Promise<readonly string[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ readonly name: string }>(
    `SELECT datname AS name FROM pg_database WHERE datname LIKE 'tenantgate_bench%'
     UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'tenantgate_bench%'`,
  )
  await client.end()
  return rows.map(({ name }) => name)
}
