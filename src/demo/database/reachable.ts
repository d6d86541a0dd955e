import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { ServerAccount } from './server-account.js'

const SEARCH = 0o1

/** Whether an account may enter a folder: the folder and all above it grant it the search permission. */
export function isReachable(folder: string, account: ServerAccount): boolean {
  const path = resolve(folder)
  const parent = dirname(path)
  return grantsSearch(path, account) && (parent === path || isReachable(parent, account))
}

function grantsSearch(folder: string, account: ServerAccount): boolean {
  const { mode, uid, gid } = statSync(folder)
  if (uid === account.uid) return ((mode >> 6) & SEARCH) !== 0
  if (gid === account.gid) return ((mode >> 3) & SEARCH) !== 0
  return (mode & SEARCH) !== 0
}
