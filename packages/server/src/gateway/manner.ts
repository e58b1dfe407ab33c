/** How a connection speaks, and of what: settled when it comes, by where it connects and what it shows. */
import type { Handshake as Auth, Id } from '@madang/protocol'
import { WELCOME_COMMUNITY_ID } from '../core/communities/welcome.ts'
import type { Belongings } from '../store/store.ts'

/** What can be switched on beside our own words. */
export type DialectName = 'rooms' | 'communities'

export interface Manner {
  /**
   * `native`: our own client's, which says where it was by itself. `stock`: the same words, for clients that can say so only in Socket.IO's way; the rest are dialects, for
   * such clients as well.
   */
  readonly speech: 'native' | 'stock' | DialectName
  /** The only community that the connection has to do with; undefined: all of the person's. */
  readonly scope: Id | undefined
  /** What is open from the start: channels that the client names, all of its own, or none. */
  readonly opens: 'named' | 'all' | 'none'
  /** Whether somebody who shows nothing comes in as a guest under a name that is made up. */
  readonly nameless: boolean
}

export const NATIVE: Manner = {
  speech: 'native',
  scope: undefined,
  opens: 'named',
  nameless: false,
}
const STOCK: Manner = { speech: 'stock', scope: undefined, opens: 'all', nameless: false }
const ROOMS: Manner = {
  speech: 'rooms',
  scope: WELCOME_COMMUNITY_ID,
  opens: 'all',
  nameless: true,
}

/** All of the person's communities at once, for those who want to hear of them and sit in none. */
export const HALL = '/socket'
const COMMUNITY = /^\/socket\/commu-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Undefined where the namespace is none of ours. Whether the community is there, and whose it is, is another question. */
export function mannerOf(
  namespace: string,
  auth: Pick<Auth, 'cursors' | 'wire'>,
  dialects: ReadonlySet<DialectName>,
): Manner | undefined {
  if (namespace === '/') {
    if (auth.cursors !== undefined) return NATIVE
    return dialects.has('rooms') && auth.wire === undefined ? ROOMS : STOCK
  }
  if (!dialects.has('communities')) return undefined
  const scope = COMMUNITY.exec(namespace)?.[1]
  if (scope === undefined && namespace !== HALL) return undefined
  return { speech: 'communities', scope, opens: 'none', nameless: false }
}

export function serves(namespace: string, dialects: ReadonlySet<DialectName>): boolean {
  return mannerOf(namespace, {}, dialects) !== undefined
}

/** What of a person's places such a connection has to do with; undefined where it is not a member of what it asked for. */
export function within(belongings: Belongings, { scope }: Manner): Belongings | undefined {
  if (scope === undefined) return belongings
  const communities = belongings.communities.filter(({ id, role }) => id === scope && role !== null)
  if (communities.length === 0) return undefined
  const channels = belongings.channels.filter(({ communityId }) => communityId === scope)
  return { ...belongings, communities, channels }
}
