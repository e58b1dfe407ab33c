import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFakeClock } from '../testing/clock.ts'
import { FOLLOW_LIMITS, Follower } from './follower.ts'

const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

function ground() {
  const clock = createFakeClock()
  const follower = new Follower('n1', clock)
  const note = (n: number) =>
    follower.note({
      ...{ step: 'delivered', channelId: idOf(1), eventId: idOf(n), seq: n, count: 2 },
      personIds: [idOf(7), idOf(8)],
    })
  return { clock, follower, note }
}

test('what nobody follows is not kept', () => {
  const { follower, note } = ground()
  assert.equal(follower.isFollowing, false)
  note(1)
  assert.deepEqual(follower.ask({ channelId: idOf(1) }), [])
  assert.equal(follower.isFollowing, true)
})

test('each sees its own: a channel, a message, everybody whom it concerns', () => {
  const { follower, note } = ground()
  const targets = [
    { channelId: idOf(1) },
    { channelId: idOf(2) },
    { messageId: idOf(100) },
    { personId: idOf(7) },
    { personId: idOf(8) },
    { personId: idOf(9) },
  ]
  for (const target of targets) follower.ask(target)
  note(100)
  note(101)
  assert.deepEqual(
    targets.map((target) => follower.ask(target).map(({ seq }) => seq)),
    [[100, 101], [], [100], [100, 101], [100, 101], []],
  )
  const [entry] = follower.ask({ messageId: idOf(100) })
  assert.deepEqual(
    [entry?.node, entry?.step, entry?.count, entry?.personId],
    ['n1', 'delivered', 2, idOf(7)],
  )
})

test('it ends so long after it was last asked for, and is then forgotten', async () => {
  const { clock, follower, note } = ground()
  follower.ask({ channelId: idOf(1) })
  await clock.advance(FOLLOW_LIMITS.idleMsMax)
  note(1)
  assert.equal(follower.ask({ channelId: idOf(1) }).length, 1)
  await clock.advance(FOLLOW_LIMITS.idleMsMax + 1)
  note(2)
  assert.equal(follower.isFollowing, false)
  assert.deepEqual(follower.ask({ channelId: idOf(1) }), [])
})

test('what is kept is bounded, and so is what is followed', () => {
  const { follower, note } = ground()
  follower.ask({ channelId: idOf(1) })
  for (let n = 0; n < FOLLOW_LIMITS.entriesMax + 5; n += 1) note(n)
  const entries = follower.ask({ channelId: idOf(1) })
  assert.deepEqual([entries.length, entries[0]?.seq], [FOLLOW_LIMITS.entriesMax, 5])
  for (let n = 0; n < FOLLOW_LIMITS.followsMax; n += 1) follower.ask({ personId: idOf(n + 50) })
  assert.deepEqual(
    follower.ask({ channelId: idOf(1) }),
    [],
    'the one that was asked for longest ago ended',
  )
})
