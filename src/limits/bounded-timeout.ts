const MS_PER_UNIT: ReadonlyMap<string, number> = new Map([
  ['us', 0.001],
  ['ms', 1],
  ['s', 1_000],
  ['min', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

/**
 * The timeout, such as `statement_timeout`, of a session that wants `wanted` and may have `limitMs` at most.
 *
 * Units    `wanted` as PostgreSQL writes times, ms without a unit; 0 is no timeout, for both
 */
export function boundedTimeout(wanted: string | undefined, limitMs: number): string | undefined {
  if (limitMs === 0) return wanted
  const wantedMs = wanted === undefined ? 0 : milliseconds(wanted)
  // what can't be read here is more than the limit until proven otherwise
  return wanted !== undefined && wantedMs > 0 && wantedMs <= limitMs ? wanted : String(limitMs)
}

function milliseconds(text: string): number {
  const [, number = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(text) ?? []
  return number === '' ? Number.POSITIVE_INFINITY : Number(number) * (MS_PER_UNIT.get(unit || 'ms') ?? 1)
}
