import type { AuditRecord } from './record.js'

/** One place where audit records end up; the trail calls it with one batch at a time. */
export interface AuditSink {
  /** For metrics and messages: `log`, `file`, `table`. */
  readonly name: string
  /** Resolves when the batch is as safe as this sink makes it; a rejected batch is offered again, whole. */
  write(records: readonly AuditRecord[]): Promise<void>
  close(): Promise<void>
}
