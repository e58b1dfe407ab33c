/** The HTTP door: the API, its description, the web app, and whatever plain pages it is given. */
import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import cookie from '@fastify/cookie'
import { LIMITS } from '@madang/protocol'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Authenticator } from '../auth/authenticator.ts'
import type { Clock } from '../clock.ts'
import type { Core } from '../core/core.ts'
import { Refusal } from '../core/refusal.ts'
import type { OperatorDesk } from '../doors/operators.ts'
import type { Rates } from '../doors/rates.ts'
import { refusedAnswer } from './answers.ts'
import type { CookiePolicy } from './cookie.ts'
import { guardOrigins } from './cross-origin.ts'
import { createHandlers } from './handlers.ts'
import { partOf, securityHeaders } from './headers.ts'
import { parseBody } from './json.ts'
import { type Mount, serveMount } from './mount.ts'
import { describeApi } from './openapi.ts'
import type { ApiReport } from './report.ts'
import { serveRoutes } from './routes.ts'
import { checkRequest, writeResponse } from './schemas.ts'
import { serveWebApp } from './web.ts'

/** A page outside of the API: health, metrics. */
export interface PlainPage {
  readonly path: string
  answer(headers: { readonly authorization?: string | undefined }): Promise<PlainAnswer>
}

export interface PlainAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
}

export interface ApiOptions {
  readonly core: Core
  readonly authenticator: Authenticator
  readonly rates: Rates
  /** How long newcomers are told to wait, in ms, where the node has more to do than it can; else 0. */
  readonly load: () => number
  readonly clock: Clock
  readonly report: ApiReport
  /** Web origins that may use the API beside the server's own. */
  readonly origins: readonly string[]
  /** Proxies in front of us. */
  readonly trustedProxies: number
  readonly cookies: CookiePolicy
  readonly pages: readonly PlainPage[]
  readonly mounts: readonly Mount[]
  /** What operators are shown; without it, nothing. */
  readonly desk?: OperatorDesk
  /** Where the built web app is, if it is built; null: it is not served here. */
  readonly webFolder: string | null
  /** Of the product, for the description. */
  readonly version: string
}

export interface Api {
  /** For whoever shares the port: it listens once `listen` was called. */
  readonly server: Server
  /** Resolves to the port. */
  listen(where: { readonly host: string; readonly port: number }): Promise<number>
  /** Takes no new TCP connection; those that are open go on. */
  unlisten(): void
  /** Open TCP connections. */
  connections(): Promise<number>
  /** Asks every client that keeps a connection to close it after its next answer. */
  drain(): void
  /** Takes no new connection, answers what was asked, then closes. Calling it twice is calling it once. */
  stop(): Promise<void>
}

/** Bounds of the HTTP server itself. Node answers with 408 or 431 by itself; a proxy's keep-alive of 60 s must end before ours. */
const BOUNDS = {
  headersMsMax: 10_000,
  requestMsMax: 30_000,
  keepAliveMsMax: 65_000,
  headerBytesMax: 16_384,
  /** How often Node looks for connections that are past a bound. */
  checkIntervalMs: 2_000,
  /** Answers that are still on their way when the server stops. */
  stopMsMax: 9_000,
} as const

export async function createApi(options: ApiOptions): Promise<Api> {
  const app = newApp(options)
  const listening = { draining: false }
  // First of all: a route keeps the handler that is there when it is made.
  app.setErrorHandler((error, request, reply) => refuse(options, error, request, reply))
  await app.register(cookie)
  app.setValidatorCompiler(checkRequest)
  app.setSerializerCompiler(writeResponse)
  acceptJsonOnly(app)
  app.addHook('onRequest', async (request, reply) => protectBrowser(request, reply))
  watch(app, options, listening)
  guardOrigins(app, options.origins)
  await describeApi(app, options.version)
  serveRoutes(app, { ...options, handlers: createHandlers(options.core, options.desk) })
  for (const page of options.pages) servePage(app, page)
  for (const mount of options.mounts) await serveMount(app, mount)
  const web = options.webFolder === null ? null : await serveWebApp(app, options.webFolder)
  app.setNotFoundHandler(async (request, reply) => {
    if (partOf(request.url) === 'app' && web?.answer(request, reply)) return reply
    throw new Refusal('not_found')
  })
  await app.ready()
  return doorOf(app, options.clock, listening)
}

function newApp(options: ApiOptions): FastifyInstance {
  return Fastify({
    bodyLimit: LIMITS.payloadBytesMax,
    trustProxy: (_address: string, hop: number) => hop < options.trustedProxies,
    genReqId: () => randomUUID(),
    requestTimeout: BOUNDS.requestMsMax,
    keepAliveTimeout: BOUNDS.keepAliveMsMax,
    http: {
      headersTimeout: BOUNDS.headersMsMax,
      maxHeaderSize: BOUNDS.headerBytesMax,
      connectionsCheckingInterval: BOUNDS.checkIntervalMs,
    },
    // What was asked is answered, also while the server closes.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // A path that cannot even be read passes by the hooks.
    frameworkErrors(error, request, reply) {
      protectBrowser(request, reply)
      refuse(options, error, request, reply)
    },
  })
}

function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_request: FastifyRequest, body: string | Buffer) => parseBody(String(body)),
  )
  app.addHook('preValidation', async (request) => {
    request.body ??= {}
  })
}

function protectBrowser(request: FastifyRequest, reply: FastifyReply): void {
  const path = request.url.split('?', 1)[0] ?? ''
  const where = { host: request.host, isTls: request.protocol === 'https' }
  reply.headers({ ...securityHeaders(partOf(path), where), 'x-request-id': request.id })
}

function watch(
  app: FastifyInstance,
  { report }: ApiOptions,
  listening: { draining: boolean },
): void {
  app.addHook('onSend', async (_request, reply) => {
    if (listening.draining) reply.header('connection', 'close')
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method } = request
    const route = request.routeOptions.url ?? 'none'
    report.answered({ method, route, status: reply.statusCode, tookMs: reply.elapsedTime })
  })
}

function servePage(app: FastifyInstance, page: PlainPage): void {
  app.get(page.path, { schema: { hide: true } }, async (request, reply) => {
    const { status, type, body } = await page.answer({
      authorization: request.headers.authorization,
    })
    return reply.code(status).type(type).send(body)
  })
}

function refuse(
  { report }: ApiOptions,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { status, body, retryAfterSeconds, isFault } = refusedAnswer(error)
  if (isFault)
    report.fault(error, { method: request.method, route: request.routeOptions.url ?? 'none' })
  report.refused(body.code)
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  reply.code(status).type('application/json; charset=utf-8')
  reply.serializer(JSON.stringify).send(body)
}

function doorOf(app: FastifyInstance, clock: Clock, listening: { draining: boolean }): Api {
  let stopped: Promise<void> | undefined

  async function stop(): Promise<void> {
    listening.draining = true
    const timer = clock.after(BOUNDS.stopMsMax, () => app.server.closeAllConnections())
    try {
      await app.close()
    } finally {
      timer.cancel()
    }
  }

  return {
    server: app.server,
    async listen(where) {
      await app.listen(where)
      const address = app.server.address()
      return typeof address === 'object' && address !== null ? address.port : where.port
    },
    unlisten() {
      listening.draining = true
      app.server.close()
    },
    connections: () =>
      new Promise((resolve) => {
        app.server.getConnections((error, count) => resolve(error === null ? count : 0))
      }),
    drain() {
      listening.draining = true
    },
    stop() {
      stopped ??= stop()
      return stopped
    },
  }
}
