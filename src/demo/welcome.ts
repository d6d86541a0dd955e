import { loginUrl, type Stage } from './stage.js'
import { DEMO_TENANTS } from './tenants.js'

/** What the demo prints when everything runs. */
export function welcome(stage: Stage): string {
  const width = Math.max(...DEMO_TENANTS.map(({ name }) => name.length))
  const lines = stage.logins.map((login) => {
    const tenant = DEMO_TENANTS.find(({ id }) => id === login.tenant)
    return `  ${(tenant?.name ?? login.tenant).padEnd(width)}  psql "${loginUrl(stage, login)}"`
  })
  const staff = stage.staff.map((login) => `  ${login.name.padEnd(width)}  psql "${loginUrl(stage, login)}"`)
  return `
Five products share one database. Connect as one of them:

${lines.join('\n')}

Or as an analyst, who reads two of them, and as an operator, who is let through; every statement of theirs is in the audit:

${staff.join('\n')}

Things to try:

  \\d                                            the schema, as in a database of your own
  SELECT * FROM invoices LIMIT 5;               no WHERE, and still one tenant's rows
  SELECT settings FROM tenantgate.tenants;      feature flags, branding and limits
  SELECT * FROM payment_provider_keys;          refused, with an incident id
  INSERT INTO accounts (tenant_id, name, email, country_code) VALUES ('ember', 'x', 'x', 'FR');

Around the gateway, as the database's superuser, to compare:

  psql "${stage.databaseUrl}"

Configuration  ${stage.configurationFile}
Refusals       ${stage.auditFile}, and the table tenantgate.audit_events${metricsLine(stage)}

Ctrl-C stops everything.`
}

function metricsLine({ adminPort }: Stage): string {
  return adminPort === null ? '' : `\nMetrics        http://127.0.0.1:${adminPort}/metrics`
}
