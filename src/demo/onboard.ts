import { randomBytes } from 'node:crypto'
import type { Client } from 'pg'
import { ScramSecret } from '../auth/scram-secret.js'
import { generatePassword, LoginWrites } from '../tenants/login-writes.js'
import { type DemoTenant, STAFF } from './tenants.js'

/** What a client connects with. */
export interface Credentials {
  readonly name: string
  readonly password: string
}

/** A tenant's. */
export interface DemoLogin extends Credentials {
  readonly tenant: string
}

/** Puts a tenant and its app login into the control tables; a gateway that runs knows both within a second. */
export async function onboard(control: Client, tenant: DemoTenant): Promise<DemoLogin> {
  const login = {
    tenant: tenant.id,
    name: `${tenant.id}_app`,
    password: randomBytes(9).toString('base64url'),
  }
  await control.query('BEGIN')
  await control.query('INSERT INTO tenantgate.tenants (id, name, settings) VALUES ($1, $2, $3)', [
    tenant.id,
    tenant.name,
    JSON.stringify(tenant.settings),
  ])
  await control.query(
    "INSERT INTO tenantgate.logins (name, kind, tenants, secret) VALUES ($1, 'app', $2, $3)",
    [login.name, [tenant.id], ScramSecret.format(ScramSecret.create(login.password))],
  )
  await control.query('COMMIT')
  return login
}

/** Adds the logins that are no tenant's own. */
export async function employ(control: Client): Promise<readonly Credentials[]> {
  const writes = new LoginWrites((sql, values) => control.query(sql, [...values]), 'tenantgate')
  const staff: Credentials[] = []
  for (const { name, kind, tenants } of STAFF) {
    const password = generatePassword()
    await writes.add({ name, kind, tenants, password })
    staff.push({ name, password })
  }
  return staff
}
