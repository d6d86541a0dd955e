import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Binaries } from './binaries.js'
import { isReachable } from './reachable.js'
import { type ServerAccount, serverAccount } from './server-account.js'

/** The place of one cluster on disk: `data` holds it once it is complete, `password` its superuser's password. */
export interface Cluster {
  readonly folder: string
  readonly temporary: boolean
  readonly account: ServerAccount | undefined
  readonly password: string
}

/**
 * Prepares the folder of a cluster, one per major version, so that an upgrade starts anew instead of failing.
 *
 * A kept folder that the server's account can't reach (root's home is closed to others) is replaced by a temporary one.
 */
export function prepareCluster(binaries: Binaries, dataDirectory: string | undefined): Cluster {
  const account = serverAccount()
  const kept = dataDirectory === undefined ? undefined : keptFolder(dataDirectory, binaries, account)
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'tenantgate-postgres-'))
  chmodSync(folder, 0o700)
  if (account !== undefined) chownSync(folder, account.uid, account.gid)
  return { folder, temporary: kept === undefined, account, password: passwordIn(folder, account) }
}

function keptFolder(dataDirectory: string, binaries: Binaries, account: ServerAccount | undefined) {
  mkdirSync(dataDirectory, { recursive: true })
  if (account !== undefined && !isReachable(dataDirectory, account)) return undefined
  const folder = join(dataDirectory, `postgres-${binaries.major}`)
  mkdirSync(folder, { recursive: true })
  return folder
}

function passwordIn(folder: string, account: ServerAccount | undefined): string {
  const path = join(folder, 'password')
  if (existsSync(path)) return readFileSync(path, 'utf8').trim()
  const password = randomBytes(18).toString('hex')
  writeFileSync(path, `${password}\n`, { mode: 0o600 })
  if (account !== undefined) chownSync(path, account.uid, account.gid)
  return password
}
