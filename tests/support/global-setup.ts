import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import type { Database } from '../../src/demo/database/database.js'
import { startDatabase } from '../../src/demo/database/start-database.js'
import { installedServers, type ServerKey, startOptions } from './installed-servers.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test files ask for a server's URL. */
    serverBroker: string
    installedServers: readonly { readonly key: ServerKey; readonly label: string; readonly major: number }[]
  }
}

/**
 * One cluster per kind of server for the whole run, started when the first test file asks for it.
 *
 * Test files run in processes of their own and ask over HTTP (`GET /<key>` answers with the superuser's URL), so that
 * a run without a database test starts no database.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<ServerKey, Promise<Database>>()
  const broker = createServer((request, response) => {
    const key = (request.url ?? '').slice(1) as ServerKey
    const database = started.get(key) ?? startDatabase(startOptions(key))
    started.set(key, database)
    database.then(
      ({ url }) => response.end(url),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
  broker.listen(0, '127.0.0.1')
  await once(broker, 'listening')
  project.provide('serverBroker', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`)
  project.provide('installedServers', await installedServers())
  return async () => {
    broker.close()
    broker.closeAllConnections()
    const databases = await Promise.allSettled(started.values())
    await Promise.all(databases.map((result) => result.status === 'fulfilled' && result.value.stop()))
  }
}
