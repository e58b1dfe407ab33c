import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BACK_SHOWN_MS, bannerOf, track, UNTRACKED } from './banner.ts'

test('the first connection is nothing to speak of once it is there', () => {
  const connecting = track(UNTRACKED, 'connecting', 1_000)
  assert.deepEqual(bannerOf({ status: 'connecting' }, connecting, 1_000), { kind: 'connecting' })
  const online = track(connecting, 'online', 1_500)
  assert.deepEqual(bannerOf({ status: 'online' }, online, 1_500), { kind: 'none' })
})

test('a return is said for a moment', () => {
  const steps = ['connecting', 'online', 'waiting', 'connecting', 'online'] as const
  const back = steps.reduce((before, status, at) => track(before, status, 10_000 + at), UNTRACKED)
  assert.deepEqual(bannerOf({ status: 'online' }, back, 10_010), { kind: 'reconnected' })
  const later = 10_004 + BACK_SHOWN_MS
  assert.deepEqual(bannerOf({ status: 'online' }, back, later), { kind: 'none' })
})

test('a wait is counted down to nothing, and not below', () => {
  const online = track(UNTRACKED, 'online', 0)
  const waiting = (now: number) => bannerOf({ status: 'waiting', retryAt: 10_000 }, online, now)
  assert.deepEqual(waiting(7_400), { kind: 'waiting', seconds: 3 })
  assert.deepEqual(waiting(9_999), { kind: 'waiting', seconds: 1 })
  assert.deepEqual(waiting(12_000), { kind: 'waiting', seconds: 0 })
})

test('a connection that was never there was not lost', () => {
  const banner = bannerOf({ status: 'waiting', retryAt: 2_000 }, UNTRACKED, 1_000)
  assert.deepEqual(banner, { kind: 'unreached', seconds: 1 })
})

test('a refusal says why', () => {
  const error = { code: 'wire_unsupported', text: '', retry: 'never' } as const
  assert.deepEqual(bannerOf({ status: 'refused', error }, UNTRACKED, 0), { kind: 'refused', error })
})

test('the same status twice is one', () => {
  const online = track(UNTRACKED, 'online', 1)
  assert.equal(track(online, 'online', 2), online)
})
