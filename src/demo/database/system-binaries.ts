import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import type { Binaries } from './binaries.js'

const DEBIAN = '/usr/lib/postgresql'

/** The newest PostgreSQL that is installed on this machine: Debian's versioned folders first, then PATH. */
export function systemBinaries(searchPath: string): Binaries | undefined {
  for (const folder of [...debianFolders(), ...searchPath.split(delimiter).filter(Boolean)]) {
    const initdb = join(folder, 'initdb')
    if (existsSync(initdb) && existsSync(join(folder, 'postgres')))
      return binariesOf(dirname(realpathSync(initdb)))
  }
  return undefined
}

function debianFolders(): readonly string[] {
  if (!existsSync(DEBIAN)) return []
  return readdirSync(DEBIAN)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN, version, 'bin'))
}

function binariesOf(folder: string): Binaries | undefined {
  const postgres = join(folder, 'postgres')
  const answer = spawnSync(postgres, ['--version'], { encoding: 'utf8' }).stdout ?? ''
  const major = Number(/ (\d+)/.exec(answer)?.[1])
  return Number.isInteger(major)
    ? { source: 'system', major, initdb: join(folder, 'initdb'), postgres }
    : undefined
}
