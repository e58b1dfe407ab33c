/** A part of the port that is not the public API: it has its own rules of who comes in, and of how large a body may be. */
import type { FastifyInstance } from 'fastify'
import { Refusal } from '../core/refusal.ts'

export interface Mount {
  /** Begins every path of it; ends in a slash. */
  readonly prefix: string
  readonly bodyBytesMax: number
  /** Asked before the body is read. */
  admits(authorization: string | undefined): boolean
  /** Answers a POST. Never rejects. */
  answer(path: string, body: string): Promise<{ readonly status: number; readonly body: string }>
}

/** Apart from the rest of the server: what it parses and bounds concerns this part alone. */
export async function serveMount(app: FastifyInstance, mount: Mount): Promise<void> {
  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'string', bodyLimit: mount.bodyBytesMax },
      async (_request: unknown, body: string | Buffer) => String(body),
    )
    scope.route({
      method: 'POST',
      url: `${mount.prefix}*`,
      bodyLimit: mount.bodyBytesMax,
      schema: { hide: true },
      async onRequest(request) {
        if (!mount.admits(request.headers.authorization)) throw new Refusal('unauthenticated')
      },
      async handler(request, reply) {
        const path = request.url.split('?', 1)[0] ?? ''
        const text = typeof request.body === 'string' ? request.body : ''
        const { status, body } = await mount.answer(path, text)
        reply.code(status).type('application/json; charset=utf-8')
        return reply.serializer(String).send(body)
      },
    })
    done()
  })
}
