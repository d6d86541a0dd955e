import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { saslprep } from './saslprep.js'

/**
 * What the server keeps of a password: enough to check a proof, not enough to make one.
 *
 * Source   RFC 5802 section 3; PostgreSQL's pg_authid.rolpassword
 */
export interface ScramSecret {
  readonly iterations: number
  readonly salt: Buffer
  readonly storedKey: Buffer
  readonly serverKey: Buffer
}

/** PostgreSQL's default for `scram_iterations`. */
const DEFAULT_ITERATIONS = 4096
const SALT_BYTES = 16
const KEY_BYTES = 32
const FORM =
  /^SCRAM-SHA-256\$([1-9][0-9]{0,9}):([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]{43}=):([A-Za-z0-9+/]{43}=)$/

export const ScramSecret = {
  /**
   * Reads PostgreSQL's form; null where the text has another.
   *
   * Shape    SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>, all but the number in base64
   */
  parse(text: string): ScramSecret | null {
    const [matched, iterations = '', salt = '', storedKey = '', serverKey = ''] = FORM.exec(text) ?? []
    if (matched === undefined || Number(iterations) > 0x7fffffff) return null
    return {
      iterations: Number(iterations),
      salt: Buffer.from(salt, 'base64'),
      storedKey: Buffer.from(storedKey, 'base64'),
      serverKey: Buffer.from(serverKey, 'base64'),
    }
  },

  /** Writes PostgreSQL's form: `ALTER ROLE … PASSWORD` takes it as it is. */
  format(secret: ScramSecret): string {
    const parameters = `${secret.iterations}:${secret.salt.toString('base64')}`
    return `SCRAM-SHA-256$${parameters}$${secret.storedKey.toString('base64')}:${secret.serverKey.toString('base64')}`
  },

  /** Makes a secret of a password; takes some milliseconds, on purpose. */
  create(
    password: string | Buffer,
    { iterations = DEFAULT_ITERATIONS, salt = randomBytes(SALT_BYTES) }: SecretOptions = {},
  ): ScramSecret {
    const salted = pbkdf2Sync(saslprep(password), salt, iterations, KEY_BYTES, 'sha256')
    const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest()
    return { iterations, salt, storedKey, serverKey: hmac(salted, 'Server Key') }
  },

  /**
   * The secret of a login that doesn't exist: no password fits it, and it costs the work of a real one.
   *
   * The salt depends on `key` and `name` alone. One that changed from attempt to attempt would tell that the login is
   * unknown — and so would one that differs between processes that share a database and don't share the key,
   * or another number of iterations than most logins have.
   */
  mock(key: Buffer, name: string, iterations: number = DEFAULT_ITERATIONS): ScramSecret {
    return {
      iterations,
      salt: hmac(key, `salt ${name}`).subarray(0, SALT_BYTES),
      storedKey: hmac(key, `stored ${name}`),
      serverKey: hmac(key, `server ${name}`),
    }
  },
} as const

export interface SecretOptions {
  readonly iterations?: number
  readonly salt?: Buffer
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
