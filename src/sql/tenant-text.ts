/**
 * Whether a text that a client gave for a tenant column is the tenant, under the equality of the column's type.
 *
 * Stricter than the server where spellings differ: what isn't recognised is another tenant.
 */
export function isTenantText(value: string, tenant: string, type: string): boolean {
  if (value === tenant) return true
  if (type === 'pg_catalog.uuid') return bareUuid(value) === bareUuid(tenant)
  if (/^pg_catalog\.int[248]$/.test(type))
    return /^\d+$/.test(value) && value.replace(/^0+(?=\d)/, '') === tenant
  return false
}

function bareUuid(text: string): string {
  return text.toLowerCase().replace(/[{}-]/g, '')
}
