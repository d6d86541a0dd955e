import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const ATTEMPTS = 50
const PAUSE_MS = 40

/** The record of an incident in an audit file; null if it doesn't appear within two seconds. */
export async function findIncident(
  path: string,
  incident: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const text = await readFile(path, 'utf8').catch(() => '')
    const line = text.split('\n').find((candidate) => candidate.includes(`"incident":"${incident}"`))
    if (line !== undefined) return JSON.parse(line) as Record<string, unknown>
    await sleep(PAUSE_MS)
  }
  return null
}
