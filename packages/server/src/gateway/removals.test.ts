import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { LogEvent } from '@madang/protocol'
import { removalIn, removedBy } from './removals.ts'

const [ann, bob] = [
  { id: 'ann', name: 'ann' },
  { id: 'bob', name: 'bob' },
]
assert.ok(ann && bob)

type Kind = 'joined' | 'invited' | 'left' | 'kicked' | 'banned' | 'unbanned'

function event(kind: Kind, seq: number, subject = bob): LogEvent {
  const base = { id: `${seq}`, channelId: 'c', seq, createdAt: 0, author: ann ?? subject }
  const who = subject ?? { id: '', name: '' }
  return kind === 'joined' || kind === 'invited'
    ? { kind, ...base, subject: who, role: 'member' }
    : { kind, ...base, subject: who }
}

it('an event that puts somebody out says whom, and how', () => {
  for (const kind of ['left', 'kicked', 'banned'] as const) {
    assert.deepEqual(removalIn(event(kind, 1)), { personId: 'bob', reason: kind })
  }
  for (const kind of ['joined', 'invited', 'unbanned'] as const) {
    assert.equal(removalIn(event(kind, 1)), undefined)
  }
})

it('a person is out by the last that happened to them after they were known to belong', () => {
  const out = (events: LogEvent[], since = 0) => removedBy(events, 'bob', since)
  assert.equal(out([]), undefined)
  assert.equal(out([event('kicked', 3)]), 'kicked')
  assert.equal(out([event('kicked', 3)], 3), undefined)
  assert.equal(out([event('kicked', 3, ann)]), undefined)
  assert.equal(out([event('left', 3), event('joined', 4)]), undefined)
  assert.equal(out([event('left', 3), event('invited', 4), event('banned', 5)]), 'banned')
  assert.equal(out([event('banned', 3), event('unbanned', 4)]), 'banned')
})
