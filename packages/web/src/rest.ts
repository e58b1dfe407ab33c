/** The HTTP door: calls the server's routes with their own types, and never throws. */
import type { ErrorBody, ErrorCode, Outcome } from '@madang/client'
import type { ROUTES } from '@madang/protocol'

type Routes = typeof ROUTES
type Parsed<Schema> = Schema extends { parse(input: unknown): infer T } ? T : never

/** What each of the app's calls is in the server's table; a route that changes there does not compile here. */
const CALLS = {
  createGuest: ['POST', '/api/guests'],
  createAccount: ['POST', '/api/accounts'],
  createSession: ['POST', '/api/sessions'],
  getSession: ['GET', '/api/session'],
  deleteSession: ['DELETE', '/api/session'],
  listCommunities: ['GET', '/api/communities'],
  createCommunity: ['POST', '/api/communities'],
  listCommunityMembers: ['GET', '/api/communities/:communityId/members'],
  setCommunityMember: ['PUT', '/api/communities/:communityId/members/:personId'],
  deleteCommunityMember: ['DELETE', '/api/communities/:communityId/members/:personId'],
  listCommunityBans: ['GET', '/api/communities/:communityId/bans'],
  banFromCommunity: ['PUT', '/api/communities/:communityId/bans/:personId'],
  unbanFromCommunity: ['DELETE', '/api/communities/:communityId/bans/:personId'],
  listChannels: ['GET', '/api/communities/:communityId/channels'],
  createChannel: ['POST', '/api/communities/:communityId/channels'],
  openDirect: ['PUT', '/api/communities/:communityId/direct/:personId'],
  getChannel: ['GET', '/api/channels/:channelId'],
  updateChannel: ['PATCH', '/api/channels/:channelId'],
  listChannelMembers: ['GET', '/api/channels/:channelId/members'],
  getChannelMember: ['GET', '/api/channels/:channelId/members/:personId'],
  setChannelMember: ['PUT', '/api/channels/:channelId/members/:personId'],
  deleteChannelMember: ['DELETE', '/api/channels/:channelId/members/:personId'],
  listChannelBans: ['GET', '/api/channels/:channelId/bans'],
  banFromChannel: ['PUT', '/api/channels/:channelId/bans/:personId'],
  unbanFromChannel: ['DELETE', '/api/channels/:channelId/bans/:personId'],
  getCluster: ['GET', '/api/ops/cluster'],
  drainNode: ['POST', '/api/ops/nodes/:nodeId/drain'],
  follow: ['POST', '/api/ops/follow'],
  getStats: ['GET', '/api/ops/stats'],
} as const satisfies {
  readonly [N in keyof Routes]?: readonly [Routes[N]['method'], Routes[N]['path']]
}

export type CallName = keyof typeof CALLS
export type Reply<N extends CallName> = Parsed<Routes[N]['response']>

type Part<N extends CallName, K extends string> = Routes[N] extends { readonly [P in K]: infer S }
  ? { readonly [P in K]: Parsed<S> }
  : unknown
export type Input<N extends CallName> = Part<N, 'params'> &
  Part<N, 'body'> &
  (Routes[N] extends { query: infer S } ? { readonly query?: Parsed<S> } : unknown)

export interface Rest {
  call<N extends CallName>(name: N, input: Input<N>): Promise<Outcome<Reply<N>>>
}

interface Loose {
  readonly params?: Readonly<Record<string, string | number>>
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: unknown
}

/** Where a call goes: parameters and query, escaped. */
export function address(path: string, { params = {}, query = {} }: Loose): string {
  const place = path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(params[name] ?? '')),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value))
  }
  return search.size > 0 ? `${place}?${search}` : place
}

const UNREACHABLE: ErrorBody = {
  code: 'unavailable',
  text: 'The server cannot be reached.',
  retry: 'later',
}

/** Refused before anything was done, with a time after which it is worth asking again. */
const REFUSED_FOR_NOW: readonly ErrorCode[] = ['busy', 'draining']
const TRIES_MAX = 3
const RETRY_MS = 1_000
const RETRY_MS_MAX = 5_000

/** A server that is busy or restarting is asked again before a person is told. */
export function createRest(
  fetch: typeof globalThis.fetch,
  wait: (ms: number) => Promise<void>,
): Rest {
  async function ask<T>(url: string, init: RequestInit): Promise<Outcome<T>> {
    try {
      const response = await fetch(url, init)
      return readReply<T>(response.ok, await response.json())
    } catch {
      return { ok: false, error: UNREACHABLE }
    }
  }
  return {
    async call<N extends CallName>(name: N, input: Input<N>): Promise<Outcome<Reply<N>>> {
      const [method, path] = CALLS[name]
      const loose = input as Loose
      const url = address(path, loose)
      const init = { method, ...bodyOf(loose) }
      for (let tries = 1; ; tries++) {
        const outcome = await ask<Reply<N>>(url, init)
        if (outcome.ok || tries === TRIES_MAX) return outcome
        if (!REFUSED_FOR_NOW.includes(outcome.error.code)) return outcome
        await wait(Math.min(outcome.error.retryAfterMs ?? RETRY_MS, RETRY_MS_MAX))
      }
    },
  }
}

function bodyOf({ body }: Loose): RequestInit {
  if (body === undefined) return {}
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
}

/** A proxy in between may answer with something else than the server would: that counts as unreachable. */
function readReply<T>(ok: boolean, reply: unknown): Outcome<T> {
  if (ok) return { ...(reply as T), ok: true }
  return { ok: false, error: isErrorBody(reply) ? reply : UNREACHABLE }
}

function isErrorBody(reply: unknown): reply is ErrorBody {
  return typeof reply === 'object' && reply !== null && 'code' in reply && 'retry' in reply
}
