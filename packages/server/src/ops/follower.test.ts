import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFakeClock } from '../testing/clock.ts'
import { FOLLOW_LIMITS, Follower } from './follower.ts'

const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`

function ground() {
  const clock = createFakeClock()
  const follower = new Follower('n1', clock)
  const note = (n: number, channelId = idOf(1)) =>
    follower.note({
      ...{ step: 'delivered', channelId, eventId: idOf(n), seq: n, count: 2 },
      personId: idOf(7),
      subjectId: idOf(8),
    })
  /** So much else happens that nothing else is remembered. */
  const flood = () => {
    for (let n = 0; n < FOLLOW_LIMITS.rememberedMax; n += 1) note(n + 1_000, idOf(3))
  }
  return { clock, follower, note, flood }
}

test('who begins to follow is shown what was before, as far as the node remembers', () => {
  const { follower, note } = ground()
  for (const n of [1, 2, 1, 3]) note(n)
  assert.deepEqual(
    follower.ask({ messageId: idOf(1) }).map(({ id, at }) => [id, at > 0]),
    [
      [1, true],
      [3, true],
    ],
  )
  note(1)
  assert.deepEqual(
    follower.ask({ messageId: idOf(1) }).map(({ id }) => id),
    [1, 3, 5],
  )
  for (let n = 0; n < FOLLOW_LIMITS.rememberedMax - 2; n += 1) note(4)
  assert.deepEqual(
    follower.ask({ messageId: idOf(3) }).map(({ id }) => id),
    [4],
  )
  note(4)
  note(4)
  assert.deepEqual(follower.ask({ messageId: idOf(2) }), [])
  assert.equal(follower.ask({ personId: idOf(7) }).length, FOLLOW_LIMITS.entriesMax)
  assert.equal(follower.ask({ messageId: idOf(1) }).length, 3, 'what is followed stays')
  follower.stop()
  assert.deepEqual(follower.ask({ messageId: idOf(1) }), [])
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
  const { clock, follower, note, flood } = ground()
  follower.ask({ channelId: idOf(1) })
  await clock.advance(FOLLOW_LIMITS.idleMsMax)
  note(1)
  flood()
  assert.equal(follower.ask({ channelId: idOf(1) }).length, 1)
  await clock.advance(FOLLOW_LIMITS.idleMsMax + 1)
  note(2)
  flood()
  assert.deepEqual(follower.ask({ channelId: idOf(1) }), [])
})

test('what is kept is bounded, and so is what is followed', () => {
  const { follower, note, flood } = ground()
  follower.ask({ channelId: idOf(1) })
  for (let n = 0; n < FOLLOW_LIMITS.entriesMax + 5; n += 1) note(n)
  const entries = follower.ask({ channelId: idOf(1) })
  assert.deepEqual([entries.length, entries[0]?.seq], [FOLLOW_LIMITS.entriesMax, 5])
  flood()
  assert.equal(follower.ask({ channelId: idOf(1) }).length, FOLLOW_LIMITS.entriesMax)
  for (let n = 0; n < FOLLOW_LIMITS.followsMax; n += 1) follower.ask({ personId: idOf(n + 50) })
  assert.deepEqual(
    follower.ask({ channelId: idOf(1) }),
    [],
    'the one that was asked for longest ago ended',
  )
})
