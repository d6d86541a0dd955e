/**
 * Forwards bytes between clients and one server, and does nothing else: what a gateway on Node can't be faster than.
 *
 * Arguments  port to listen on, port of the server on 127.0.0.1
 */
import { connect, createServer } from 'node:net'

const [port, serverPort] = process.argv.slice(2).map(Number)

createServer({ noDelay: true }, (client) => {
  // nothing is asked of the server before the client speaks: a silent client costs its socket only
  client.once('data', (first) => {
    const server = connect({ port: serverPort, host: '127.0.0.1', noDelay: true })
    server.write(first)
    forward(client, server)
    forward(server, client)
  })
  client.on('error', () => {})
}).listen(port, '127.0.0.1')

function forward(from, to) {
  from.on('data', (chunk) => {
    if (!to.write(chunk)) from.pause()
  })
  to.on('drain', () => from.resume())
  from.on('close', () => to.destroy())
  from.on('error', () => {})
}
