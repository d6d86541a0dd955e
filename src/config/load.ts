import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { ConfigurationError } from './configuration-error.js'
import { isUrl } from './key-source.js'
import { parseConfiguration } from './parse.js'
import type { Configuration } from './schema.js'

/**
 * Reads a configuration file; the only reader of the environment.
 *
 * Throws   ConfigurationError
 */
export async function loadConfiguration(
  file: string,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Configuration> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const message = error.code === 'ENOENT' ? 'no such file' : error.message
    throw new ConfigurationError(file, [{ path: '', message, line: null }])
  })
  return withAbsoluteFiles(parseConfiguration({ file, text, variables }), dirname(resolve(file)))
}

/** Files are relative to the configuration file, wherever the gateway was started. */
function withAbsoluteFiles(configuration: Configuration, folder: string): Configuration {
  const absolute = (file: string | null) => (file === null ? null : resolve(folder, file))
  const { listen, audit, auth } = configuration
  const { tls } = listen
  const { jwt } = auth
  const { jwks } = jwt
  const files = { cert: absolute(tls.cert), key: absolute(tls.key), clientCa: absolute(tls.clientCa) }
  return {
    ...configuration,
    listen: { ...listen, tls: { ...tls, ...files } },
    auth: { ...auth, jwt: { ...jwt, jwks: jwks !== null && isUrl(jwks) ? jwks : absolute(jwks) } },
    audit: { ...audit, file: absolute(audit.file) },
  }
}
