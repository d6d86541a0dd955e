import { appendFile } from 'node:fs/promises'
import type { AuditSink } from './sink.js'

/**
 * Appends one JSON object a line.
 *
 * The file is opened anew for each batch, so that log rotation may move it away at any time. A new file is readable by its owner only.
 */
export function fileSink(path: string): AuditSink {
  return {
    name: 'file',
    async write(records) {
      const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('')
      await appendFile(path, lines, { mode: 0o600 })
    },
    async close() {},
  }
}
