import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRouter, formatRoute, parseRoute, type Route } from './routes.ts'

const A = '01890000-0000-7000-8000-00000000000a'
const B = '01890000-0000-7000-8000-00000000000b'

const ROUTES: readonly Route[] = [
  { page: 'home' },
  { page: 'communities' },
  { page: 'community', communityId: A },
  { page: 'browse', communityId: A },
  { page: 'channel', communityId: A, channelId: B },
]

test('every route comes back from its address', () => {
  for (const route of ROUTES) assert.deepEqual(parseRoute(formatRoute(route)), route)
})

test('an address that means nothing is the home page', () => {
  for (const hash of ['', '#', '#/', '#/x', '#/c', '#/c/1', `#/c/${A}/x`, `#/c/${A}/${B}/x`]) {
    assert.deepEqual(parseRoute(hash), { page: 'home' }, hash)
  }
})

test('no text breaks the router', () => {
  fc.assert(fc.property(fc.string(), (hash) => parseRoute(hash) !== undefined))
})

test('the router follows the address and tells of it once', () => {
  const page = fakeAddress()
  const router = createRouter(page)
  let told = 0
  router.subscribe(() => told++)
  router.go({ page: 'communities' })
  page.changed()
  assert.deepEqual([router.snapshot(), told], [{ page: 'communities' }, 1])
  router.replace({ page: 'community', communityId: A })
  assert.deepEqual([router.snapshot().page, told, page.steps], ['community', 2, 1])
})

/** The part of a window that the router needs. */
function fakeAddress() {
  let listener = (): void => {}
  const page = {
    steps: 0,
    changed: () => listener(),
    location: {
      current: '',
      get hash() {
        return this.current
      },
      set hash(hash: string) {
        page.steps++
        this.current = hash
      },
    },
    history: {
      replaceState(_: unknown, __: string, hash: string) {
        page.location.current = hash
      },
    },
    addEventListener(_: string, listen: () => void) {
      listener = listen
    },
  }
  return page
}
