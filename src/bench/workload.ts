import { readFile } from 'node:fs/promises'

/** pgbench's `-M`: how a statement goes over the wire. */
export type QueryMode = 'simple' | 'extended' | 'prepared'

/** What one run amounts to: its transactions, its result in MB (10^6 bytes), or the connections that it opened. */
export type Unit = 'transactions' | 'MB' | 'connections'

/** What runs a script: transactions again and again, or a COPY by psql. */
export type Load = 'pgbench' | 'copy out' | 'copy in'

/** One script and the ways in which it is run. */
export interface Workload {
  /** Also its script's. */
  readonly name: string
  readonly title: string
  readonly unit: Unit
  readonly load: Load
  readonly modes: readonly QueryMode[]
  readonly clients: readonly number[]
}

/** One row of the report. */
export interface Cell {
  readonly workload: Workload
  readonly mode: QueryMode
  readonly clients: number
}

const ALL_MODES = ['simple', 'extended', 'prepared'] as const

export const WORKLOADS: readonly Workload[] = [
  {
    name: 'point-read',
    title: 'point read',
    unit: 'transactions',
    load: 'pgbench',
    modes: ALL_MODES,
    clients: [1, 16],
  },
  {
    name: 'read-write',
    title: 'five statements in a transaction',
    unit: 'transactions',
    load: 'pgbench',
    modes: ALL_MODES,
    clients: [16],
  },
  {
    name: 'unique-text',
    title: 'point read, each text unique',
    unit: 'transactions',
    load: 'pgbench',
    modes: ['simple'],
    clients: [16],
  },
  {
    name: 'large-result',
    title: '1,000,000 rows',
    unit: 'MB',
    load: 'pgbench',
    modes: ['simple'],
    clients: [1],
  },
  {
    name: 'copy-out',
    title: 'COPY TO, 1,000,000 rows',
    unit: 'MB',
    load: 'copy out',
    modes: ['simple'],
    clients: [1],
  },
  {
    name: 'copy-in',
    title: 'COPY FROM, 200,000 rows',
    unit: 'MB',
    load: 'copy in',
    modes: ['simple'],
    clients: [1],
  },
  {
    name: 'connect',
    title: 'connection storm: log in by SCRAM, read, leave',
    unit: 'connections',
    load: 'pgbench',
    modes: ['simple'],
    clients: [8],
  },
]

/** The cell of that name, or every cell whose name contains it. */
export function cellsOf(only = ''): readonly Cell[] {
  const cells = WORKLOADS.flatMap((workload) =>
    workload.modes.flatMap((mode) => workload.clients.map((clients) => ({ workload, mode, clients }))),
  )
  const exact = cells.filter((cell) => cellName(cell) === only)
  return exact.length > 0 ? exact : cells.filter((cell) => cellName(cell).includes(only))
}

/** `point-read/prepared/16`. */
export function cellName({ workload, mode, clients }: Cell): string {
  return `${workload.name}/${mode}/${clients}`
}

/**
 * Who adds the tenant's predicate to a statement.
 *
 * `application`: it is in the text. `setting`: the transaction sets it for a row-level security policy. `gateway`: nobody.
 */
export type Scoping = 'application' | 'setting' | 'gateway'

export async function scriptOf(workload: Workload, scoping: Scoping): Promise<string> {
  return scopedScript(await scriptNamed(workload.name), scoping)
}

export function scriptNamed(name: string): Promise<string> {
  return readFile(new URL(`workloads/${name}.sql`, import.meta.url), 'utf8')
}

/**
 * A script as the application writes it for one way of scoping; what stands in braces is its own predicate.
 *
 * Shape    SELECT … WHERE {tenant_id = 'acme' AND} aid = :aid  →  application: without the braces; else: without both
 */
export function scopedScript(script: string, scoping: Scoping): string {
  if (scoping === 'application') return script.replaceAll(/[{}]/g, '')
  const unscoped = script.replaceAll(/ ?\{[^}]*\} ?/g, (braced) => (/^ .* $/.test(braced) ? ' ' : ''))
  return scoping === 'gateway' ? unscoped : inTransaction(unscoped)
}

const SET_TENANT = "SELECT set_config('app.tenant', 'acme', true);"

function inTransaction(script: string): string {
  const lines = script.trimEnd().split('\n')
  const isTransaction = lines.includes('BEGIN;')
  const variables = lines.filter((line) => line.startsWith('\\'))
  const statements = lines.filter((line) => !line.startsWith('\\') && line !== 'BEGIN;')
  return [...variables, 'BEGIN;', SET_TENANT, ...statements, ...(isTransaction ? [] : ['COMMIT;']), ''].join(
    '\n',
  )
}
