import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * A copy of a folder in the temporary folder, readable for all, made on first use and then kept.
 *
 * It is copied beside and renamed, so that two processes may race; a copy that a cleaner of temporary files has been
 * through is made anew. Programs will be run from it: a folder of that name that isn't ours alone is not trusted.
 */
export function copyOnce(folder: string, name: string): string {
  const copy = join(tmpdir(), name)
  if (existsSync(copy) && entriesOf(copy) < entriesOf(folder)) rmSync(copy, { recursive: true })
  if (!existsSync(copy)) publish(folder, copy)
  const { uid, mode } = lstatSync(copy)
  if (uid !== process.getuid?.() || (mode & 0o22) !== 0)
    throw new Error(`${copy} is writable for others; remove it`)
  return copy
}

function publish(folder: string, copy: string): void {
  const fresh = mkdtempSync(`${copy}-`)
  try {
    cpSync(folder, fresh, { recursive: true, verbatimSymlinks: true })
    chmodSync(fresh, 0o755)
    renameSync(fresh, copy)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(copy)) throw error
  }
}

function entriesOf(folder: string): number {
  return readdirSync(folder, { recursive: true }).length
}
