import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** How far a run is; kept in a file, so that a run of hours can be ended and taken up again. */
export interface Progress {
  readonly seed: number
  /** Statements that are done. */
  readonly done: number
  /** How often each outcome came. */
  readonly counts: Readonly<Record<string, number>>
  readonly findings: readonly string[]
}

const FILE = process.env.TENANTGATE_FUZZ_STATE

/** A run begun by the same seed goes on where it ended. */
export function resumed(seed: number): Progress {
  const fresh: Progress = { seed, done: 0, counts: {}, findings: [] }
  if (FILE === undefined || !existsSync(FILE)) return fresh
  const known = JSON.parse(readFileSync(FILE, 'utf8')) as Progress
  return known.seed === seed ? known : fresh
}

export function keep(progress: Progress): void {
  if (FILE !== undefined) writeFileSync(FILE, `${JSON.stringify(progress, null, 2)}\n`)
}
