import { unwatchFile, watchFile } from 'node:fs'
import type { Configuration } from './schema.js'

export interface WatchOptions {
  /** Reads and checks the file as it is now; rejects with ConfigurationError. */
  readonly load: () => Promise<Configuration>
  readonly apply: (configuration: Configuration) => Promise<void>
  /** The file can't be taken over as it is; what is in force stays. Must not throw. */
  readonly refused: (error: unknown) => void
}

export interface ConfigurationWatch {
  /** Takes over what the file holds now. Never rejects. */
  reload(): Promise<void>
  close(): void
}

/** Polled and not watched: folders whose links are switched, as orchestrators do, send no event for the file. */
const POLL_MS = 1_000

/** Has a configuration file taken over whenever it changes, one version after the other. */
export function watchConfiguration(file: string, options: WatchOptions): ConfigurationWatch {
  let last: Promise<void> = Promise.resolve()
  const attempt = () => options.load().then(options.apply).catch(options.refused)
  const reload = () => {
    last = last.then(attempt)
    return last
  }
  const onChange = () => void reload()
  watchFile(file, { interval: POLL_MS, persistent: false }, onChange)
  return { reload, close: () => unwatchFile(file, onChange) }
}
