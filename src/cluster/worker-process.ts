import { pino } from 'pino'
import type { ToPrimary } from './messages.js'
import { workerLife } from './worker-life.js'

/** What a worker process runs: it serves as the primary process tells it, and ends with it. */

// a terminal and a service manager send these to every process of the group: the primary decides
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'] as const) process.on(signal, () => {})

const logger = pino({ name: 'tenantgate' }, pino.destination(2))
const send = (message: ToPrimary, sent = () => {}): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => sent())
}
process.on('message', workerLife({ logger, send, leave: () => process.exit(0) }))
send({ kind: 'listening' })
