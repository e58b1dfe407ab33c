import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dueAt, EVENT, FRAME_BYTES, messageDueAt, nowUs } from './message.ts'
import { full, membersOf, quick, seating } from './scenario.ts'

for (const layout of [...full.layouts, ...quick.layouts]) {
  test(`every room has the same number of members: ${layout.name}`, () => {
    const members = Array.from({ length: layout.rooms }, () => 0)
    for (const rooms of seating(layout)) {
      assert.equal(new Set(rooms).size, layout.roomsPerSocket)
      for (const room of rooms) members[room] = (members[room] ?? 0) + 1
    }
    assert.deepEqual(new Set(members), new Set([membersOf(layout)]))
  })
}

test('a message has the usual length, and says when it was due', () => {
  const at = nowUs()
  const payload = Buffer.from(`42${JSON.stringify([EVENT, messageDueAt(at)])}`)
  assert.equal(payload.length + 4, FRAME_BYTES)
  assert.equal(dueAt(payload), at)
  assert.ok(Number.isNaN(dueAt(Buffer.from('2'))))
})
