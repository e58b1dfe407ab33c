import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIMITS, type MyChannel } from '@madang/protocol'
import { WELCOME_COMMUNITY_ID } from '../communities/welcome.ts'
import { refuses, startGround } from '../ground.case.ts'
import { Refusal } from '../refusal.ts'

const communityId = WELCOME_COMMUNITY_ID
const free = () => {}

test('making a room is paid for, and entering one that is there is not, on any node', async (t) => {
  const { core, otherNode } = await startGround(t, {})
  await core.prepare()
  const { person } = await core.people.guest('Ann')
  let paid = 0
  const pay = () => void paid++
  const id = await core.channels.room(person, { communityId, name: 'talk' }, pay)
  assert.equal(paid, 1)
  assert.equal(await core.channels.room(person, { communityId, name: 'talk' }, pay), id)
  const other = otherNode().core
  assert.equal(await other.channels.room(person, { communityId, name: 'talk' }, pay), id)
  await other.channels.room(person, { communityId, name: 'general' }, pay)
  assert.equal(paid, 1)
})

test('whoever cannot pay makes nothing', async (t) => {
  const { core, store } = await startGround(t, {})
  await core.prepare()
  const { person } = await core.people.guest('Ann')
  const broke = () => {
    throw new Refusal('rate_limited', { retryAfterMs: 5 })
  }
  await refuses(core.channels.room(person, { communityId, name: 'talk' }, broke), 'rate_limited')
  assert.equal(await store.channelByKey(communityId, 'room:talk'), null)
})

test('guests fill a community up to their bound, and leave the rest to those who have an account', async (t) => {
  const { core, otherNode } = await startGround(t, {})
  await core.prepare()
  const { person: guest } = await core.people.guest('Guest')
  const what = { login: 'ann', password: 'long enough', name: 'Ann' }
  const { person: ann } = await core.people.register(what)
  const channels = async (count: number): Promise<MyChannel[]> => Array(count)
  const full = (count: number) => otherNode({ store: { channels: () => channels(count) } }).core
  const almost = full(LIMITS.channelsByGuestsMax - 1)
  await almost.channels.room(guest, { communityId, name: 'last' }, free)
  const atGuests = full(LIMITS.channelsByGuestsMax)
  const one = { communityId, name: 'one' }
  await assert.rejects(
    atGuests.channels.room(guest, one, free),
    ({ body: { code, limit } }: Refusal) =>
      code === 'limit_reached' && limit === 'channelsByGuestsMax',
  )
  await refuses(atGuests.channels.create(guest, { ...one, kind: 'text' }), 'limit_reached')
  await atGuests.channels.room(ann, one, free)
  const whole = full(LIMITS.channelsPerCommunityMax)
  await refuses(whole.channels.room(ann, { communityId, name: 'two' }, free), 'limit_reached')
})
