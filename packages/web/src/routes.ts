/** Which page the address names. The place is kept in the fragment, so that any file server can host the app. */
import type { View } from '@madang/client'
import { createValue } from './value.ts'

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'communities' }
  | { readonly page: 'community'; readonly communityId: string }
  | { readonly page: 'browse'; readonly communityId: string }
  | { readonly page: 'channel'; readonly communityId: string; readonly channelId: string }

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** An address that means nothing is the home page. */
export function parseRoute(hash: string): Route {
  const [first, communityId, third, ...rest] = hash.replace(/^#?\/?/, '').split('/')
  if (rest.length > 0) return { page: 'home' }
  if (first === 'communities' && communityId === undefined) return { page: 'communities' }
  if (first !== 'c' || communityId === undefined || !ID.test(communityId)) return { page: 'home' }
  if (third === undefined || third === '') return { page: 'community', communityId }
  if (third === 'browse') return { page: 'browse', communityId }
  return ID.test(third) ? { page: 'channel', communityId, channelId: third } : { page: 'home' }
}

export function formatRoute(route: Route): string {
  switch (route.page) {
    case 'home':
      return '#/'
    case 'communities':
      return '#/communities'
    case 'community':
      return `#/c/${route.communityId}`
    case 'browse':
      return `#/c/${route.communityId}/browse`
    case 'channel':
      return `#/c/${route.communityId}/${route.channelId}`
  }
}

/** The one page with an address of its own: operators keep it open, and write it down. */
export const OPS_PATH = '/ops'

export const isOps = (path: string): boolean => path.replace(/\/$/, '') === OPS_PATH

export interface Router extends View<Route> {
  go(route: Route): void
  /** Goes without a step back: for redirects. */
  replace(route: Route): void
}

/** The part of a window that it needs. */
export interface Address {
  readonly location: { hash: string }
  readonly history: { replaceState(state: unknown, title: string, address: string): void }
  addEventListener(event: 'hashchange', listener: () => void): void
}

export function createRouter(address: Address): Router {
  const value = createValue(parseRoute(address.location.hash))
  const read = () => value.set(parseRoute(address.location.hash))
  address.addEventListener('hashchange', read)
  return {
    snapshot: value.snapshot,
    subscribe: value.subscribe,
    go(route) {
      address.location.hash = formatRoute(route)
    },
    replace(route) {
      address.history.replaceState(null, '', formatRoute(route))
      read()
    },
  }
}
