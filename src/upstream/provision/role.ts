import { ScramSecret } from '../../auth/scram-secret.js'
import { quoteIdentifier, quoteLiteral } from '../../tenants/quote.js'
import type { Step } from './step.js'

/** The gateway's own database role, taken from `upstream.url`. */
export interface GatewayRole {
  readonly name: string
  readonly password: string | null
}

export function gatewayRole(upstreamUrl: string): GatewayRole {
  const { username, password } = new URL(upstreamUrl)
  if (username === '') throw new RangeError('upstream.url names no user')
  return {
    name: decodeURIComponent(username),
    password: password === '' ? null : decodeURIComponent(password),
  }
}

/**
 * Creates the role, or refuses one that could get round the gateway's checks.
 *
 * The password goes out as a SCRAM verifier, so that the server's log can't show it.
 */
export function roleSteps(role: GatewayRole): readonly Step[] {
  const name = quoteIdentifier(role.name)
  const literal = quoteLiteral(role.name)
  const create: Step = {
    title: `the gateway's role ${role.name}`,
    sql: `DO $do$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${literal}) THEN
    CREATE ROLE ${name} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT;
  END IF;
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ${literal}
             AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)) THEN
    RAISE EXCEPTION 'role % may do more than a gateway should', ${literal}
      USING HINT = 'Name a role of its own in upstream.url, without SUPERUSER, BYPASSRLS, CREATEDB, CREATEROLE and REPLICATION.';
  END IF;
END $do$;`,
  }
  if (role.password === null) return [create]
  const verifier = ScramSecret.format(ScramSecret.create(role.password))
  return [
    create,
    { title: 'its password', sql: `ALTER ROLE ${name} LOGIN PASSWORD ${quoteLiteral(verifier)};` },
  ]
}
