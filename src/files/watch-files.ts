import { unwatchFile, watchFile } from 'node:fs'
import { Serial } from '../core/serial.js'

/** Files that are taken over when they change. */
export interface FileWatch {
  /** Takes over what the files hold now. Never rejects. */
  reload(): Promise<void>
  close(): void
}

/** Polled and not watched: folders whose links are switched, as orchestrators do, send no event for the file. */
const POLL_MS = 1_000

/** Has files taken over whenever one of them changes, one attempt at a time; `takeOver` must not reject. */
export function watchFiles(files: readonly string[], takeOver: () => Promise<void>): FileWatch {
  const attempts = new Serial(takeOver)
  const onChange = () => void attempts.run()
  for (const file of files) watchFile(file, { interval: POLL_MS, persistent: false }, onChange)
  return {
    reload: () => attempts.run(),
    close: () => {
      for (const file of files) unwatchFile(file, onChange)
    },
  }
}
