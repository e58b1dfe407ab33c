import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../../core/refusal.ts'
import { AUTH_LIMITS } from '../limits.ts'
import { KeySet } from './key-set.ts'
import { jwkOf, rsaPair } from './mint.case.ts'

const pair = rsaPair()
const setOf = (...kids: readonly string[]): object => ({
  keys: kids.map((kid) => jwkOf(pair, { kid })),
})

/** A set whose document, fetches and clock a test holds in its hands. */
function ground() {
  const state = { document: setOf('k1') as object | Error, loads: 0, now: 0, errors: 0 }
  const load = async (): Promise<unknown> => {
    state.loads += 1
    if (state.document instanceof Error) throw state.document
    return state.document
  }
  const clock = { monotonic: () => state.now }
  const onError = (): void => {
    state.errors += 1
  }
  return { state, keys: new KeySet({ load, clock, onError }) }
}

const { keySetIntervalMsMin: interval, keySetFreshMs: fresh, keySetAgeMsMax: age } = AUTH_LIMITS
const kidOf = async (keys: KeySet, kid: string): Promise<string | undefined> =>
  (await keys.find(kid, 'RS256'))?.kid
const isBusy = (error: unknown): boolean => error instanceof Refusal && error.body.code === 'busy'

test('nothing is fetched before a key is asked for, and then once', async () => {
  const { keys, state } = ground()
  assert.equal(state.loads, 0)
  assert.equal(await kidOf(keys, 'k1'), 'k1')
  assert.equal(await kidOf(keys, 'k1'), 'k1')
  assert.equal(state.loads, 1)
})

test('those who ask at the same time share a fetch', async () => {
  const { keys, state } = ground()
  const found = await Promise.all(Array.from({ length: 50 }, () => kidOf(keys, 'k1')))
  assert.deepEqual(new Set(found), new Set(['k1']))
  assert.equal(state.loads, 1)
})

test('unknown keys have the set fetched again once per interval, however many ask', async () => {
  const { keys, state } = ground()
  await kidOf(keys, 'k1')
  for (let junk = 0; junk < 100; junk += 1) assert.equal(await keys.find(`x${junk}`, 'RS256'), null)
  assert.equal(state.loads, 1)
  state.now += interval
  await Promise.all(Array.from({ length: 100 }, (_, junk) => keys.find(`y${junk}`, 'RS256')))
  assert.equal(state.loads, 2)
})

test('a new key is found when the interval has passed', async () => {
  const { keys, state } = ground()
  await kidOf(keys, 'k1')
  state.document = setOf('k1', 'k2')
  state.now += interval
  assert.equal(await kidOf(keys, 'k2'), 'k2')
})

test('a key that was withdrawn is refused once the set is fetched again', async () => {
  const { keys, state } = ground()
  await kidOf(keys, 'k1')
  state.document = setOf('k2')
  state.now += fresh
  await kidOf(keys, 'k1')
  assert.equal(await keys.find('k1', 'RS256'), null)
  assert.equal(state.loads, 2)
})

test('a set that is no longer fresh is used while it is fetched again', async () => {
  const { keys, state } = ground()
  await kidOf(keys, 'k1')
  state.now += fresh
  state.document = new Error('down')
  assert.equal(await kidOf(keys, 'k1'), 'k1')
  assert.deepEqual([state.loads, state.errors], [2, 1])
})

test('a set that cannot be fetched for too long is no longer used', async () => {
  const { keys, state } = ground()
  await kidOf(keys, 'k1')
  state.document = new Error('down')
  state.now += age
  await assert.rejects(kidOf(keys, 'k1'), isBusy)
  state.document = setOf('k1')
  state.now += interval
  assert.equal(await kidOf(keys, 'k1'), 'k1')
})

test('while the keys cannot be fetched everybody is asked to come again, and few fetches are tried', async () => {
  const { keys, state } = ground()
  state.document = new Error('down')
  for (let attempt = 0; attempt < 20; attempt += 1) await assert.rejects(kidOf(keys, 'k1'), isBusy)
  assert.equal(state.loads, 1)
  state.document = { keys: 'no set' }
  state.now += interval
  await assert.rejects(kidOf(keys, 'k1'), isBusy)
  assert.deepEqual([state.loads, state.errors], [2, 2])
})

test('an unknown key while the issuer is down is no forgery yet', async () => {
  const { keys, state } = ground()
  await kidOf(keys, 'k1')
  state.document = new Error('down')
  state.now += interval
  await assert.rejects(kidOf(keys, 'k2'), isBusy)
  assert.equal(await kidOf(keys, 'k1'), 'k1')
})
