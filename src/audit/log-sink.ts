import type { AuditEvent } from './event.js'
import type { AuditSink } from './sink.js'

/** The part of a pino logger that the sink uses. */
export interface AuditLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

const LINES = {
  statement: { level: 'info', message: 'statement forwarded' },
  statement_refused: { level: 'warn', message: 'statement refused' },
  login_refused: { level: 'warn', message: 'login refused' },
  token_accepted: { level: 'info', message: 'token accepted' },
} as const satisfies Record<AuditEvent['kind'], object>

/** Writes each record as one structured log line; `audit: true` tells them from the rest of the log. */
export function logSink(logger: AuditLogger): AuditSink {
  return {
    name: 'log',
    async write(records) {
      for (const record of records) {
        const { level, message } = LINES[record.kind]
        logger[level]({ audit: true, ...record }, message)
      }
    },
    async close() {},
  }
}
