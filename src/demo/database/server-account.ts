import { readFileSync } from 'node:fs'

/** The account that a server process runs under. */
export interface ServerAccount {
  readonly uid: number
  readonly gid: number
}

/**
 * The account for a server process, or undefined where our own will do.
 *
 * PostgreSQL refuses to run as root, and `initdb` refuses a uid without a name: so root picks an account that exists.
 */
export function serverAccount(): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined
  const passwd = readFileSync('/etc/passwd', 'utf8')
  const account = accountNamed('postgres', passwd) ?? accountNamed('nobody', passwd)
  if (account === undefined)
    throw new Error('PostgreSQL does not run as root, and neither "postgres" nor "nobody" is a user here')
  return account
}

function accountNamed(name: string, passwd: string): ServerAccount | undefined {
  const line = passwd.split('\n').find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}
