import { randomBytes } from 'node:crypto'
import { ScramSecret } from '../auth/scram-secret.js'
import type { LoginKind } from './login.js'
import { quoteIdentifier } from './quote.js'
import { StoreError } from './store-error.js'
import { isDuplicate, type WriteQuery } from './tenant-writes.js'

/** A login as the command line and the API show it: never with its secret. */
export interface LoginRecord {
  readonly name: string
  readonly kind: LoginKind
  readonly tenants: readonly string[]
  readonly hasPassword: boolean
  readonly certificateCn: string | null
  readonly disabled: boolean
  readonly createdAt: string
  readonly updatedAt: string
}

export interface NewLogin {
  readonly name: string
  readonly kind: LoginKind
  readonly tenants: readonly string[]
  /** Null where only its certificate logs in. */
  readonly password: string | null
  /** Common name of a client certificate that needs no password. */
  readonly certificateCn?: string
}

/** 24 characters of base64url: 144 bits. */
export function generatePassword(): string {
  return randomBytes(18).toString('base64url')
}

/**
 * Writes to the logins table; passwords are stored as SCRAM verifiers only.
 *
 * Throws   StoreError
 */
export class LoginWrites {
  readonly #query: WriteQuery
  readonly #schema: string

  constructor(query: WriteQuery, controlSchema: string) {
    this.#query = query
    this.#schema = quoteIdentifier(controlSchema)
  }

  async add(given: NewLogin): Promise<void> {
    const login = { ...given, tenants: [...new Set(given.tenants)] }
    await this.#check(login)
    await this.#query(
      `INSERT INTO ${this.#schema}.logins (name, kind, tenants, secret, certificate_cn) VALUES ($1, $2, $3, $4, $5)`,
      [
        login.name,
        login.kind,
        login.tenants,
        login.password === null ? null : verifierOf(login.password),
        login.certificateCn ?? null,
      ],
    ).catch((error: unknown) => {
      throw isDuplicate(error) ? new StoreError(`login ${login.name} exists already`) : error
    })
  }

  async list(tenant?: string): Promise<readonly LoginRecord[]> {
    const { rows } = await this.#query(
      `SELECT name, kind, tenants, secret IS NOT NULL AS "hasPassword", certificate_cn AS "certificateCn", disabled,
              created_at AS "createdAt", updated_at AS "updatedAt"
       FROM ${this.#schema}.logins WHERE $1::text IS NULL OR $1 = ANY (tenants) ORDER BY name`,
      [tenant ?? null],
    )
    return rows as readonly LoginRecord[]
  }

  async rotate(name: string, password: string): Promise<void> {
    await this.#change(name, `UPDATE ${this.#schema}.logins SET secret = $2 WHERE name = $1`, [
      verifierOf(password),
    ])
  }

  async setDisabled(name: string, disabled: boolean): Promise<void> {
    await this.#change(name, `UPDATE ${this.#schema}.logins SET disabled = $2 WHERE name = $1`, [disabled])
  }

  async remove(name: string): Promise<void> {
    await this.#change(name, `DELETE FROM ${this.#schema}.logins WHERE name = $1`, [])
  }

  async #change(name: string, sql: string, values: readonly unknown[]): Promise<void> {
    const { rowCount } = await this.#query(sql, [name, ...values])
    if (rowCount === 0) throw new StoreError(`there is no login ${name}`)
  }

  async #check({ name, kind, tenants, certificateCn, password }: NewLogin): Promise<void> {
    if (certificateCn === '' || (certificateCn === undefined && password === null))
      throw new StoreError('a login needs a password or the common name of a certificate')
    if (!/^[^\0]+$/.test(name) || Buffer.byteLength(name) > 63)
      throw new StoreError(`${JSON.stringify(name)} is not a login name: 1 to 63 bytes`)
    const expected = EXPECTED_TENANTS[kind]
    if (!expected.holds(tenants.length)) throw new StoreError(`a login of kind ${kind} has ${expected.words}`)
    const { rows } = await this.#query(`SELECT id FROM ${this.#schema}.tenants WHERE id = ANY ($1)`, [
      tenants,
    ])
    const known = new Set((rows as readonly { readonly id: string }[]).map(({ id }) => id))
    const unknown = tenants.find((id) => !known.has(id))
    if (unknown !== undefined) throw new StoreError(`there is no tenant ${unknown}`)
  }
}

const EXPECTED_TENANTS: Readonly<
  Record<LoginKind, { readonly words: string; readonly holds: (count: number) => boolean }>
> = {
  app: { words: 'exactly one tenant', holds: (count) => count === 1 },
  reader: { words: 'exactly one tenant', holds: (count) => count === 1 },
  analyst: { words: 'at least one tenant', holds: (count) => count >= 1 },
  operator: { words: 'no tenant', holds: (count) => count === 0 },
}

function verifierOf(password: string): string {
  if (password === '') throw new StoreError('the password is empty')
  return ScramSecret.format(ScramSecret.create(password))
}
