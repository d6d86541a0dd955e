import pg from 'pg'
import type { Logger } from 'pino'
import { fileSink } from '../audit/file-sink.js'
import { logSink } from '../audit/log-sink.js'
import type { AuditSink } from '../audit/sink.js'
import { tableSink } from '../audit/table-sink.js'
import { QueuedTrail } from '../audit/trail.js'
import type { Configuration } from '../config/schema.js'
import { SystemClock } from '../core/clock.js'
import type { Closing } from './closing.js'
import type { Reporting } from './reporting.js'

const GRACE_MS = 2_000

/** The audit trail into the log, and into the file and the table of the configuration. */
export function openAudit(configuration: Configuration, reporting: Reporting, closing: Closing): QueuedTrail {
  const { metrics, logger } = reporting
  const trail = new QueuedTrail({
    sinks: auditSinks(configuration, logger, closing),
    clock: SystemClock,
    observe: (sink, outcome, records, error) => {
      metrics.auditRecords(sink, outcome, records)
      if (outcome === 'failed') logger.error({ sink, err: error }, 'audit records could not be written')
      if (outcome === 'dropped') logger.error({ sink, records }, 'audit records were lost')
    },
  })
  closing.add(() => trail.stop(GRACE_MS))
  return trail
}

function auditSinks(configuration: Configuration, logger: Logger, closing: Closing): readonly AuditSink[] {
  const { audit, upstream, control } = configuration
  const sinks: AuditSink[] = [logSink(logger)]
  if (audit.file !== null) sinks.push(fileSink(audit.file))
  if (!audit.table) return sinks
  const database = new pg.Pool({
    connectionString: upstream.operatorUrl,
    max: 1,
    application_name: 'tenantgate audit',
  })
  database.on('error', (error) => logger.warn({ err: error }, 'the audit lost its database connection'))
  closing.add(() => database.end())
  const query = (sql: string, values: readonly unknown[]) => database.query(sql, [...values])
  return [...sinks, tableSink({ query, controlSchema: control.schema })]
}
