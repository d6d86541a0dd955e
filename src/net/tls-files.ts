import { unwatchFile, watchFile } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { TlsEndpoint, type TlsMaterial } from './tls-endpoint.js'

export interface TlsFiles {
  readonly cert: string
  readonly key: string
  readonly clientCa: string | null
}

/** Told of each attempt to take new files over; must not throw. */
export interface TlsFilesObserver {
  reloaded(): void
  /** The old certificates stay. */
  refused(error: unknown): void
}

export interface FileBackedTls {
  readonly endpoint: TlsEndpoint
  /** Takes over what the files hold now. Never rejects. */
  reload(): Promise<void>
  close(): void
}

/** Polled and not watched: folders whose links are switched, as orchestrators do, send no event for the file. */
const POLL_MS = 1_000

/**
 * TLS with what is in files, and with what they hold later.
 *
 * Certificate and key change one after the other: in between they don't fit, that attempt is refused, and the next
 * change is taken.
 *
 * Rejects with an error that names the file
 */
export async function openTlsFiles(files: TlsFiles, observer: TlsFilesObserver): Promise<FileBackedTls> {
  const endpoint = new TlsEndpoint(await read(files))
  let last: Promise<void> = Promise.resolve()
  const attempt = async () => {
    try {
      endpoint.replace(await read(files))
      observer.reloaded()
    } catch (error) {
      observer.refused(error)
    }
  }
  const reload = () => {
    last = last.then(attempt)
    return last
  }
  const onChange = () => void reload()
  const watched = [files.cert, files.key, ...(files.clientCa === null ? [] : [files.clientCa])]
  for (const file of watched) watchFile(file, { interval: POLL_MS, persistent: false }, onChange)
  return {
    endpoint,
    reload,
    close: () => {
      for (const file of watched) unwatchFile(file, onChange)
    },
  }
}

async function read({ cert, key, clientCa }: TlsFiles): Promise<TlsMaterial> {
  return {
    certificate: await readFile(cert),
    key: await readFile(key),
    clientCa: clientCa === null ? null : await readFile(clientCa),
  }
}
