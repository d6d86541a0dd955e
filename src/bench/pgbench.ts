import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Credentials } from './peer.js'
import { percentile } from './statistics.js'
import type { QueryMode } from './workload.js'

export interface PgbenchOptions {
  readonly program: string
  readonly credentials: Credentials
  readonly script: string
  readonly mode: QueryMode
  readonly clients: number
  /** Every transaction over a connection of its own. */
  readonly reconnects: boolean
  readonly seconds: number
  readonly signal: AbortSignal
}

/** One run of a load. */
export interface LoadRun {
  readonly transactions: number
  readonly perSecond: number
  readonly p50Us: number
  readonly p99Us: number
}

/** Runs pgbench; percentiles are from its log of every transaction. */
export async function runPgbench(options: PgbenchOptions): Promise<LoadRun> {
  const folder = await mkdtemp(join(tmpdir(), 'tenantgate-pgbench-'))
  try {
    await writeFile(join(folder, 'script.sql'), options.script)
    const output = await outputOf(options, folder)
    const latencies = await readLatencies(folder)
    return {
      transactions: Number(/actually processed: (\d+)/.exec(output)?.[1]),
      perSecond: Number(/^tps = ([\d.]+)/m.exec(output)?.[1]),
      p50Us: percentile(latencies, 0.5),
      p99Us: percentile(latencies, 0.99),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function outputOf(options: PgbenchOptions, folder: string): Promise<string> {
  const { program, signal } = options
  const child = spawn(program, argumentsOf(options), {
    cwd: folder,
    env: environmentOf(options.credentials),
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  })
  const [output, problems, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  // it ends with 0 too when all its clients were turned away
  const isEmpty = !/actually processed: [1-9]/.test(output)
  if (code !== 0 || isEmpty) throw new Error(`pgbench: ${firstError(problems)}`)
  return output
}

function argumentsOf({ mode, clients, seconds, reconnects }: PgbenchOptions): readonly string[] {
  const threads = reconnects ? clients : 1
  return [
    ...['-n', '-M', mode, '-c', String(clients), '-j', String(threads), '-T', String(seconds)],
    ...['-f', 'script.sql', '--log', '--log-prefix=transactions'],
    ...(reconnects ? ['-C'] : []),
  ]
}

/** For the programs of PostgreSQL that connect. */
export function environmentOf({ host, port, user, password, database }: Credentials): Record<string, string> {
  return {
    PATH: '/usr/bin:/bin',
    LC_ALL: 'C',
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
    PGSSLMODE: 'disable',
    PGGSSENCMODE: 'disable',
  }
}

function firstError(problems: string): string {
  const lines = problems.split('\n').filter((line) => line !== '')
  return lines.find((line) => /error|fatal/i.test(line)) ?? lines[0] ?? 'no transaction was made'
}

async function readLatencies(folder: string): Promise<Float64Array> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('transactions.'))
  const logs = await Promise.all(names.map((name) => readFile(join(folder, name), 'latin1')))
  return parseLatencies(logs.join(''))
}

/**
 * The latencies in pgbench's transaction log, sorted.
 *
 * Wire     client transaction latency script seconds microseconds
 * Units    µs
 */
export function parseLatencies(log: string): Float64Array {
  const values = log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Number(line.split(' ', 3)[2]))
    .filter((value) => !Number.isNaN(value))
  return Float64Array.from(values).sort()
}
