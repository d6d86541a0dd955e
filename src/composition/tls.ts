import type { Logger } from 'pino'
import { ConfigurationError } from '../config/configuration-error.js'
import type { Configuration } from '../config/schema.js'
import { type FileBackedTls, openTlsFiles } from '../net/tls-files.js'
import type { Closing } from './closing.js'

/** TLS towards clients; null where the configuration has none. Rejects with ConfigurationError. */
export async function openTls(
  configuration: Configuration,
  logger: Logger,
  closing: Closing,
): Promise<FileBackedTls | null> {
  const { mode, cert, key, clientCa } = configuration.listen.tls
  if (mode === 'disable' || cert === null || key === null) return null
  const observer = {
    reloaded: () => logger.info({ cert }, 'the TLS certificates were reloaded'),
    refused: (err: unknown) =>
      logger.error({ err, cert }, 'the TLS certificates could not be reloaded; the old ones stay'),
  }
  const tls = await openTlsFiles({ cert, key, clientCa }, observer).catch((error: Error) => {
    throw new ConfigurationError(cert, [{ path: 'listen.tls', message: error.message, line: null }])
  })
  closing.add(() => tls.close())
  return tls
}
