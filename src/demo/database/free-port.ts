import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** The port itself if nobody listens on it, else a free one, on 127.0.0.1; 0 asks for any. */
export async function freePort(preferred = 0): Promise<number> {
  const server = createServer()
  try {
    server.listen(preferred, '127.0.0.1')
    await once(server, 'listening')
  } catch (error) {
    if (preferred === 0) throw error
    return freePort()
  }
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
