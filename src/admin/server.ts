import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type AdminToken, authenticate } from './tokens.js'

/** One thing that must hold before the gateway takes clients. */
export interface ReadinessCheck {
  /** `catalog`, `snapshot`, `upstream`. */
  readonly name: string
  /** Null where it holds, else why it doesn't; must not throw or wait. */
  readonly failure: () => string | null
}

export interface AdminOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Where there are any, `/metrics` needs one: its labels name the tenants. */
  readonly tokens: readonly AdminToken[]
  readonly checks: readonly ReadinessCheck[]
  readonly metrics: { expose(): Promise<{ readonly contentType: string; readonly body: string }> }
}

export interface AdminServer {
  readonly port: number
  /** Open keep-alive connections are closed, requests that run are finished. */
  stop(): Promise<void>
}

/** Serves `/metrics`, `/healthz` and `/readyz`; no other route exists. */
export async function startAdmin(options: AdminOptions): Promise<AdminServer> {
  const server = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: 1_024 })
  server.addHook('onSend', async (_request, reply) => {
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
  })
  server.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ error: 'no such route' }))
  server.setErrorHandler(async (_error, _request, reply) =>
    reply.code(500).send({ error: 'the request failed' }),
  )
  addHealth(server, options.checks)
  addMetrics(server, options)
  await server.listen({ host: options.host, port: options.port })
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    stop: () => server.close(),
  }
}

/** Open to everybody who reaches the port: load balancers and orchestrators send no token, and the answers name no tenant. */
function addHealth(server: FastifyInstance, checks: readonly ReadinessCheck[]): void {
  server.get('/healthz', async () => ({ status: 'ok' }))
  server.get('/readyz', async (_request, reply) => {
    const results = checks.map(({ name, failure }) => ({ name, reason: failure() }))
    const ready = results.every(({ reason }) => reason === null)
    return reply.code(ready ? 200 : 503).send({
      status: ready ? 'ready' : 'not ready',
      checks: results.map(({ name, reason }) =>
        reason === null ? { name, ok: true } : { name, ok: false, reason },
      ),
    })
  })
}

function addMetrics(server: FastifyInstance, { tokens, metrics }: AdminOptions): void {
  server.get(
    '/metrics',
    { onRequest: (request, reply) => demandToken(request, reply, tokens) },
    async (_request, reply) => {
      const { contentType, body } = await metrics.expose()
      return reply.header('content-type', contentType).send(body)
    },
  )
}

async function demandToken(
  request: FastifyRequest,
  reply: FastifyReply,
  tokens: readonly AdminToken[],
): Promise<FastifyReply | undefined> {
  if (tokens.length === 0 || authenticate(request.headers.authorization, tokens) !== null) return undefined
  return reply
    .code(401)
    .header('www-authenticate', 'Bearer realm="tenantgate"')
    .send({ error: 'a token is needed' })
}
