/** Puts every row of protocol's table on the HTTP server. */
import { ROUTES, type Route, type RouteName } from '@madang/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../clock.ts'
import type { Core, Identity } from '../core/core.ts'
import { Refusal } from '../core/refusal.ts'
import { SESSION_COOKIE } from '../doors/session-cookie.ts'
import type { Handlers } from './ask.ts'
import { type CallerParts, identifyCaller } from './caller.ts'
import { type CookiePolicy, cookieFacts } from './cookie.ts'
import { errorResponses } from './openapi.ts'
import { payAsStranger } from './rates.ts'

export interface RouteParts extends CallerParts {
  readonly handlers: Handlers
  readonly core: Core
  readonly clock: Clock
  readonly cookies: CookiePolicy
}

export function serveRoutes(app: FastifyInstance, parts: RouteParts): void {
  const callers: Callers = new WeakMap()
  for (const name of routeNames()) serveRoute(app, parts, callers, name)
}

function routeNames(): RouteName[] {
  return Object.keys(ROUTES).filter((name): name is RouteName => Object.hasOwn(ROUTES, name))
}

/** Whoever is nobody yet comes in only where there is room for one more. */
function admitStranger(parts: RouteParts, name: RouteName, request: FastifyRequest): void {
  const retryAfterMs = parts.load()
  if (retryAfterMs > 0) throw new Refusal('busy', { retryAfterMs })
  payAsStranger(parts.rates, name, request.ip)
}

async function admitOperator({ core }: RouteParts, { person }: Identity): Promise<void> {
  if (!(await core.people.isOperator(person.id))) throw new Refusal('forbidden')
}

/** Who was identified before the body was read. */
type Callers = WeakMap<FastifyRequest, Identity>

function serveRoute(
  app: FastifyInstance,
  parts: RouteParts,
  callers: Callers,
  name: RouteName,
): void {
  const route: Route = ROUTES[name]
  app.route({
    method: route.method,
    url: route.path,
    // Before the body is read: a stranger's costs nothing.
    async onRequest(request) {
      if (!route.auth) {
        admitStranger(parts, name, request)
        return
      }
      const caller = await identifyCaller(parts, name, request)
      if (route.operator) await admitOperator(parts, caller)
      callers.set(request, caller)
    },
    schema: {
      operationId: name,
      summary: route.summary,
      tags: [route.tag],
      security: route.auth ? [{ token: [] }, { cookie: [] }] : [],
      ...(route.params && { params: route.params }),
      ...(route.query && { querystring: route.query }),
      ...(route.body && { body: route.body }),
      response: { [route.status]: route.response, ...errorResponses },
    },
    async handler(request, reply) {
      const answer = await ask(parts, name, request, callers.get(request))
      if (isSignedIn(answer)) setCookie(parts, request, reply, answer.session)
      if (name === 'deleteSession') clearCookie(parts, request, reply)
      if (route.type !== undefined) reply.type(route.type).serializer(String)
      return reply.code(route.status).send(answer)
    },
  })
}

async function ask(
  parts: RouteParts,
  name: RouteName,
  request: FastifyRequest,
  caller: Identity | undefined,
): Promise<unknown> {
  // The schemas of this very route have checked the parts of this request; TypeScript cannot follow that through a table.
  const handler = parts.handlers[name] as (ask: object) => Promise<unknown>
  return handler({
    by: caller?.person,
    sessionId: caller?.sessionId,
    params: request.params,
    query: request.query,
    body: request.body,
  })
}

interface NewSession {
  readonly token: string
  readonly expiresAt: number
}

function isSignedIn(answer: unknown): answer is { readonly session: NewSession } {
  return typeof answer === 'object' && answer !== null && 'session' in answer
}

function setCookie(
  { cookies, clock }: RouteParts,
  request: FastifyRequest,
  reply: FastifyReply,
  { token, expiresAt }: NewSession,
): void {
  const facts = cookieFacts(cookies, request.protocol === 'https', expiresAt - clock.now())
  reply.setCookie(SESSION_COOKIE, token, facts)
}

function clearCookie({ cookies }: RouteParts, request: FastifyRequest, reply: FastifyReply): void {
  reply.setCookie(SESSION_COOKIE, '', cookieFacts(cookies, request.protocol === 'https', 0))
}
