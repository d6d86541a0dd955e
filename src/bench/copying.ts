import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Credentials } from './peer.js'
import { environmentOf, type LoadRun } from './pgbench.js'
import { percentile } from './statistics.js'

export interface CopyOptions {
  readonly program: string
  readonly credentials: Credentials
  /** One COPY, and what stands around it, a statement a line. */
  readonly script: string
  /** What it sends; null where it gets something. */
  readonly rows: Buffer | null
  readonly seconds: number
  readonly signal: AbortSignal
}

/** Runs a COPY by psql, one after the other for that long; percentiles are of whole runs. */
export async function runCopies(options: CopyOptions): Promise<LoadRun> {
  const times: number[] = []
  const start = performance.now()
  const until = start + 1000 * options.seconds
  for (let now = start; now < until; ) {
    await copyOnce(options)
    const next = performance.now()
    times.push(1000 * (next - now))
    now = next
  }
  const sorted = Float64Array.from(times).sort()
  return {
    transactions: times.length,
    perSecond: (1000 * times.length) / (performance.now() - start),
    p50Us: percentile(sorted, 0.5),
    p99Us: percentile(sorted, 0.99),
  }
}

async function copyOnce({ program, credentials, script, rows, signal }: CopyOptions): Promise<void> {
  const statements = script.trim().split('\n')
  const args = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', ...statements.flatMap((statement) => ['-c', statement])]
  const child = spawn(program, args, {
    env: environmentOf(credentials),
    stdio: ['pipe', 'ignore', 'pipe'],
    signal,
  })
  child.stdin.on('error', () => {})
  child.stdin.end(rows ?? '')
  const [problems, [code]] = await Promise.all([
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  if (code !== 0) throw new Error(`psql: ${problems.split('\n')[0]}`)
}

const IMPORTED_ROWS = 200_000

/** Rows for the table `imports`, in COPY's text format; `tenant` where the application writes it. */
export function importedRows(tenant: string | null): Buffer {
  const first = tenant === null ? '' : `${tenant}\t`
  const payload = 'abcdefghij'.repeat(8)
  return Buffer.from(
    Array.from({ length: IMPORTED_ROWS }, (_, index) => `${first}${index}\t${payload}\n`).join(''),
  )
}
