import type { BenchResult } from './bench-result.js'
import type { CellResult } from './measure.js'
import { PEER_TITLES, type PeerName } from './peer.js'

/** Who is shown beside PgBouncer, which is the line at 1. */
const SHOWN = ['rowSecurity', 'relay', 'tenantgate'] as const satisfies readonly PeerName[]
const SIZE = { width: 760, left: 330, scale: 250, row: 46, bar: 11, top: 56 } as const
/** Longer bars are cut: what they would say is in the table. */
const MOST = 1.6

/**
 * `docs/performance.svg`: throughput as a multiple of PgBouncer's, a group of bars for each workload.
 *
 * Without a background of its own; colours follow the reader's preference.
 */
export function performanceChart({ cells }: BenchResult): string {
  const shown = cells.filter((one) => ratioOf(one, 'tenantgate') !== null)
  const height = SIZE.top + shown.length * SIZE.row + 10
  const one = SIZE.left + SIZE.scale
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="Throughput as a multiple of PgBouncer's">
<style>
text { fill: #1f2328 } .line { stroke: #59636e } .rowSecurity { fill: #bf8700 } .relay { fill: #8c959f } .tenantgate { fill: #0969da }
@media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .line { stroke: #9198a1 } .rowSecurity { fill: #d29922 } .relay { fill: #656c76 } .tenantgate { fill: #4493f8 } }
</style>
${SHOWN.map(legend).join('\n')}
<text x="${one}" y="46" text-anchor="middle">PgBouncer = 1</text>
${shown.map(group).join('\n')}
<line class="line" x1="${one}" y1="${SIZE.top - 4}" x2="${one}" y2="${height}" stroke-dasharray="3 3"/>
</svg>
`
}

function legend(name: (typeof SHOWN)[number], index: number): string {
  const x = 10 + index * 180
  return `<rect class="${name}" x="${x}" y="12" width="12" height="12"/><text x="${x + 18}" y="22">${PEER_TITLES[name]}</text>`
}

function group(one: CellResult, index: number): string {
  const top = SIZE.top + index * SIZE.row
  const { workload, mode, clients } = one.cell
  const label = `${workload.title}, ${mode}, ${clients}`
  const bars = SHOWN.map((name, at) => bar(ratioOf(one, name), name, top + at * SIZE.bar))
  return [`<text x="${SIZE.left - 8}" y="${top + 21}" text-anchor="end">${label}</text>`, ...bars].join('\n')
}

function bar(ratio: number | null, name: PeerName, y: number): string {
  if (ratio === null) return ''
  const width = Math.round(Math.min(ratio, MOST) * SIZE.scale)
  const height = SIZE.bar - 2
  return `<rect class="${name}" x="${SIZE.left}" y="${y}" width="${width}" height="${height}"/><text x="${SIZE.left + width + 4}" y="${y + height}" font-size="9">${ratio.toFixed(2)}</text>`
}

function ratioOf({ peers }: CellResult, name: PeerName): number | null {
  const [ours, theirs] = [peers[name], peers.pgbouncer]
  if (ours === undefined || theirs === undefined || 'failure' in ours || 'failure' in theirs) return null
  return theirs.unitsPerSecond > 0 ? ours.unitsPerSecond / theirs.unitsPerSecond : null
}
