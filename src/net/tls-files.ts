import { readFile } from 'node:fs/promises'
import { type FileWatch, watchFiles } from '../files/watch-files.js'
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

/** TLS whose certificates and keys are taken over when their files change. */
export interface FileBackedTls extends FileWatch {
  readonly endpoint: TlsEndpoint
}

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
  const watched = [files.cert, files.key, ...(files.clientCa === null ? [] : [files.clientCa])]
  const watch = watchFiles(watched, async () => {
    try {
      endpoint.replace(await read(files))
      observer.reloaded()
    } catch (error) {
      observer.refused(error)
    }
  })
  return { endpoint, ...watch }
}

async function read({ cert, key, clientCa }: TlsFiles): Promise<TlsMaterial> {
  return {
    certificate: await readFile(cert),
    key: await readFile(key),
    clientCa: clientCa === null ? null : await readFile(clientCa),
  }
}
