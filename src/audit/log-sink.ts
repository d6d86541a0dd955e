import type { AuditSink } from './sink.js'

/** The part of a pino logger that the sink uses. */
export interface AuditLogger {
  warn(fields: object, message: string): void
}

const MESSAGES = {
  statement_refused: 'statement refused',
  login_refused: 'login refused',
} as const

/** Writes each record as one structured log line; `audit: true` tells them from the rest of the log. */
export function logSink(logger: AuditLogger): AuditSink {
  return {
    name: 'log',
    async write(records) {
      for (const record of records) logger.warn({ audit: true, ...record }, MESSAGES[record.kind])
    },
    async close() {},
  }
}
