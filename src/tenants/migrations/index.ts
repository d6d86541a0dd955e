import { tenantsAndLogins } from './0001-tenants-and-logins.js'
import { auditEvents } from './0002-audit-events.js'
import type { Migration } from './migration.js'

/** Every step of the control schema in order. */
export const MIGRATIONS: readonly Migration[] = [tenantsAndLogins, auditEvents]
