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
      // `time` is the event's own; pino writes a `time` of its own, that of the line
      for (const { time, ...fields } of records)
        logger.warn({ audit: true, at: time, ...fields }, MESSAGES[fields.event])
    },
    async close() {},
  }
}
