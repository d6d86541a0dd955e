import { inject } from 'vitest'
import type { ServerKey } from './installed-servers.js'

/** One PostgreSQL that the run can be made against; `label` is for `describe.each`. */
export interface Server {
  readonly key: ServerKey
  readonly label: string
  /** 0 when only a connection can tell. */
  readonly major: number
}

/**
 * All servers of this machine, for `describe.each(availableServers())('on PostgreSQL $label', …)`.
 *
 * The first is the one that `testDatabase()` uses unless told otherwise; none is started before it is used.
 */
export function availableServers(): readonly Server[] {
  return inject('installedServers')
}

/** The machine's own PostgreSQL, whose version psql and pg_dump fit; undefined where none is installed. */
export function systemServer(): Server | undefined {
  return availableServers().find(({ label }) => label.endsWith(' system'))
}

/** The superuser's connection string; starts the server if no test file has asked for it yet. */
export async function serverUrl(key: ServerKey = 'main'): Promise<string> {
  const response = await fetch(`${inject('serverBroker')}/${key}`)
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
}
