/** Keeps foreign pages from using a visitor's cookie, and lets the pages on the allow-list read answers (CORS). */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../core/refusal.ts'
import { judgeOrigin } from '../doors/origins.ts'

/** How long a browser may remember the answer to its question beforehand, in seconds. */
const preflightSeconds = 600

export function guardOrigins(app: FastifyInstance, listed: readonly string[]): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!/^\/api(\/|$)/.test(request.url)) return
    const { origin } = request.headers
    const verdict = judgeOrigin({ origin, host: request.host }, listed)
    reply.header('vary', 'Origin')
    if (verdict === 'listed' && origin !== undefined) {
      reply.header('access-control-allow-origin', origin)
      reply.header('access-control-allow-credentials', 'true')
      reply.header('access-control-expose-headers', 'retry-after, x-request-id')
    }
    const changes = !/^(GET|HEAD|OPTIONS)$/.test(request.method)
    if (changes && (verdict === 'refused' || (verdict === 'none' && isOfForeignPage(request)))) {
      throw new Refusal('origin_refused')
    }
  })
  app.options('/api/*', { schema: { hide: true } }, async (request, reply) => {
    if (reply.getHeader('access-control-allow-origin') === undefined) {
      const { origin } = request.headers
      const verdict = judgeOrigin({ origin, host: request.host }, listed)
      if (verdict !== 'own') throw new Refusal('origin_refused')
    }
    reply.header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
    reply.header('access-control-allow-headers', 'authorization, content-type')
    reply.header('access-control-max-age', String(preflightSeconds))
    return reply.code(204).send()
  })
}

/** Browsers that leave out Origin still say where a request comes from. */
function isOfForeignPage({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}
