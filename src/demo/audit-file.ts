import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** A record as the file has it. */
export type AuditLine = Readonly<Record<string, unknown>>

const ATTEMPTS = 50
const PAUSE_MS = 40

/** The first record of an audit file that fits; null if none appears within two seconds. */
export async function findRecord(
  path: string,
  fits: (line: AuditLine) => boolean,
): Promise<AuditLine | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const text = await readFile(path, 'utf8').catch(() => '')
    // what stands behind the last line break isn't written to its end yet
    const lines = text.split('\n').slice(0, -1)
    const found = lines.map((line) => JSON.parse(line) as AuditLine).find(fits)
    if (found !== undefined) return found
    await sleep(PAUSE_MS)
  }
  return null
}
