/** Who asks: from the headers of a request to a person, at the price of their buckets. */
import type { RouteName } from '@madang/protocol'
import type { FastifyRequest } from 'fastify'
import type { Authenticator } from '../auth/authenticator.ts'
import type { Identity } from '../core/core.ts'
import { Refusal } from '../core/refusal.ts'
import type { Rates } from '../doors/rates.ts'
import { SESSION_COOKIE } from '../doors/session-cookie.ts'
import { payAsPerson, payAsStranger } from './rates.ts'

export interface CallerParts {
  readonly authenticator: Authenticator
  readonly rates: Rates
  readonly load: () => number
}

/** Rejects with `Refusal`: `unauthenticated`, `session_expired`, `rate_limited`. */
export async function identifyCaller(
  parts: CallerParts,
  route: RouteName,
  request: FastifyRequest,
): Promise<Identity> {
  const identity = await knownIdentity(parts, route, request)
  payAsPerson(parts.rates, route, {
    personId: identity.person.id,
    address: request.ip,
    channelId: channelOf(request.params),
  })
  return identity
}

async function knownIdentity(
  { authenticator, rates }: CallerParts,
  route: RouteName,
  request: FastifyRequest,
): Promise<Identity> {
  try {
    const token = bearerOf(request.headers.authorization)
    const cookie = request.cookies[SESSION_COOKIE]
    if (token === undefined && cookie === undefined) throw new Refusal('unauthenticated')
    return await authenticator.identify({ token, cookie })
  } catch (error) {
    // Whoever guesses pays as a stranger, with the first wrong guess.
    if (error instanceof Refusal) payAsStranger(rates, route, request.ip)
    throw error
  }
}

/** Throws `unauthenticated` for a header that is not of the one scheme there is. */
function bearerOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  const token = /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(header)?.[1]
  if (token === undefined) throw new Refusal('unauthenticated')
  return token
}

function channelOf(params: unknown): string | undefined {
  const isObject = typeof params === 'object' && params !== null
  const id = isObject && 'channelId' in params ? params.channelId : undefined
  return typeof id === 'string' ? id : undefined
}
