/** What a request over HTTP costs, in which buckets. */
import type { RateName, RouteName } from '@madang/protocol'
import { Refusal } from '../core/refusal.ts'
import { addressKey } from '../doors/addresses.ts'
import { type Rates, waitForPlace } from '../doors/rates.ts'

/** Before anybody is known: by address. */
export function payAsStranger(rates: Rates, route: RouteName, address: string): void {
  const isCredential =
    route === 'createGuest' || route === 'createAccount' || route === 'createSession'
  pay(rates, isCredential ? 'credentials' : 'address', addressKey(address))
}

export interface Payer {
  readonly personId: string
  readonly address: string
  /** The channel that the route is about, if it is. */
  readonly channelId: string | undefined
}

/**
 * Each person has one bucket for all of their requests, whichever connections these come by, and shares the buckets for messages with their sockets:
 * whoever writes through both doors does not get twice as much.
 */
export function payAsPerson(rates: Rates, route: RouteName, payer: Payer): void {
  const { personId, channelId } = payer
  pay(rates, 'connection', `http ${personId}`)
  switch (route) {
    case 'createMessage':
      pay(rates, 'person', personId)
      if (channelId !== undefined) pay(rates, 'channel', channelId)
      return
    case 'updateMessage':
    case 'deleteMessage':
    case 'setQuestion':
      pay(rates, 'person', personId)
      return
    case 'listMessages':
    case 'listEvents':
    case 'listUnread':
    case 'getCluster':
    case 'drainNode':
    case 'disablePerson':
    case 'follow':
    case 'getStats':
    case 'getStatsTable':
    case 'listCommunityMembers':
    case 'listChannelMembers':
      pay(rates, 'reads', `http ${personId}`)
      return
    case 'createCommunity':
    case 'createChannel':
      payForPlace(rates, payer)
      return
    default:
      return
  }
}

function payForPlace(rates: Rates, payer: Payer): void {
  const retryAfterMs = waitForPlace(rates, payer)
  if (retryAfterMs > 0) throw new Refusal('rate_limited', { retryAfterMs, limit: 'places' })
}

function pay(rates: Rates, name: RateName, key: string): void {
  const retryAfterMs = rates.take(name, key)
  if (retryAfterMs > 0) throw new Refusal('rate_limited', { retryAfterMs, limit: name })
}
