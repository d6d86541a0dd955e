import { type FileWatch, watchFiles } from '../files/watch-files.js'
import type { Configuration } from './schema.js'

export interface WatchOptions {
  /** Reads and checks the file as it is now; rejects with ConfigurationError. */
  readonly load: () => Promise<Configuration>
  readonly apply: (configuration: Configuration) => Promise<void>
  /** The file can't be taken over as it is; what is in force stays. Must not throw. */
  readonly refused: (error: unknown) => void
}

/** Has a configuration file taken over whenever it changes. */
export function watchConfiguration(file: string, { load, apply, refused }: WatchOptions): FileWatch {
  return watchFiles([file], () => load().then(apply).catch(refused))
}
