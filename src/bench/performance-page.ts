import type { BenchResult } from './bench-result.js'
import { goalsTable } from './goals.js'
import { LIMITS } from './limits.js'
import { type ReportTable, reportNotes, reportTables } from './report.js'
import { NEIGHBOUR_QUERIES } from './stage.js'

/** `docs/performance.md`: the tables of one run, and how it was made. */
export function performancePage(result: BenchResult): string {
  const { versions, cores, seconds, rounds } = result
  return `# Performance

Written by \`npm run bench -- --write-docs\`; not edited by hand.

Five ways to the same rows, measured side by side in one run on one machine, where database, load and the process in the
middle share the processors. Ratios say more than absolute numbers, which are those of this machine.

- **direct**: pgbench at the database; the application writes \`tenant_id = 'acme'\` into each statement.
- **PgBouncer**: the same statements through PgBouncer, transaction mode, SCRAM on both sides. It scopes nothing.
- **PgBouncer + RLS**: the statements without the tenant, on tables with a policy on \`current_setting('app.tenant')\`;
  each transaction is \`BEGIN; SELECT set_config('app.tenant', 'acme', true); …; COMMIT\`.
- **Node relay**: forwards the bytes between a client and a server connection of its own, in 30 lines of Node, and does nothing else. No gateway on
  Node can be faster.
- **tenantgate**: the statements without the tenant, nothing else.

![Throughput as a multiple of PgBouncer’s](performance.svg)

${[goalsTable(result), ...reportTables(result)].map(markdownTable).join('\n\n')}

${reportNotes(result)
  .map((note) => `${note}\n`)
  .join('\n')}
${LIMITS}

## How it was made

- ${result.date.slice(0, 10)}, ${cores} ${cores === 1 ? 'core' : 'cores'}, all over TCP on 127.0.0.1 without TLS.
- tenantgate ${versions.tenantgate} on Node ${versions.node}, PostgreSQL ${versions.postgresql}, PgBouncer ${versions.pgbouncer ?? '(not installed)'}, pgbench ${versions.pgbench ?? '(not installed)'}.
- Each number is the median of ${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${seconds} s. The peers take turns in each round; those on Node get a round to warm up.
- Five tenants with 10,000 rows each in one table, primary key \`(tenant_id, aid)\`; a pool of 16 server connections in every middle.
  The large result has 1,000,000 rows, 200,000 are imported. The server runs without \`fsync\`, so that disks don’t count, and without autovacuum on these tables.
- Idle connections: the first 1,000 warm up, and 4,000 are counted, by resident memory. The relay’s clients say nothing, so that they cost a socket of Node’s.
- The noisy neighbour runs a sum over its 10,000 rows; it may have ${NEIGHBOUR_QUERIES} statements at a time in tenantgate.
- Latencies are from pgbench’s log of each transaction; processor time is the kernel’s account of the process in the middle (\`/proc/PID/stat\`).
- The scripts are in [src/bench/workloads](../src/bench/workloads).
`
}

function markdownTable({ title, headings, rows }: ReportTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const alignment = headings.map((_, index) => (index === 0 ? '---' : '---:'))
  return [`## ${title}`, '', line(headings), line(alignment), ...rows.map(line)].join('\n')
}
