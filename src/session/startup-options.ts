import { GatewayError } from '../core/errors.js'

/**
 * Settings of the startup packet's `options`, a command line for the server.
 *
 * Shape    -c name=value   -cname=value   --name=value, with backslash before a space that belongs to a value
 * Throws   STARTUP_PARAMETER on any other switch
 * Source   src/backend/utils/init/postinit.c (pg_split_opts), src/backend/tcop/postgres.c (process_postgres_switches)
 */
export function parseStartupOptions(options: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>()
  const words = splitOptions(options)
  for (let index = 0; index < words.length; index++) {
    let word = words[index] ?? ''
    if (word === '-c') {
      index += 1
      word = `-c${words[index] ?? ''}`
    }
    const [, name = '', value = ''] = /^(?:-c|--)([^=]+)=(.*)$/s.exec(word) ?? []
    if (name === '')
      throw new GatewayError('STARTUP_PARAMETER', { parameter: 'options', reason: `"${word}" is no setting` })
    settings.set(name.replaceAll('-', '_').toLowerCase(), value)
  }
  return settings
}

function splitOptions(options: string): readonly string[] {
  const words = options.match(/(?:\\.|[^\s\\])+/gs) ?? []
  return words.map((word) => word.replace(/\\(.)/gs, '$1'))
}
