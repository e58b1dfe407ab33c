import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { LogEvent } from '@madang/protocol'
import { Hold } from './hold.ts'

const event = (seq: number): LogEvent => ({
  kind: 'deleted',
  id: `${seq}`,
  channelId: 'c',
  seq,
  createdAt: 0,
  author: { id: 'a', name: 'a' },
  target: 1,
})

it('what passes before the entry is not kept, what passes after it is', () => {
  const hold = new Hold(3)
  hold.passed(event(4))
  hold.enter({ outcome: 'complete', events: [], head: 5 })
  for (const seq of [6, 7, 8]) hold.passed(event(seq))
  const seqs = (head: number) => hold.after(head).map(({ seq }) => seq)
  assert.deepEqual(seqs(5), [6, 7, 8])
  assert.deepEqual(seqs(7), [8])
  assert.equal(hold.overflowed, false)
  hold.passed(event(9))
  hold.passed(event(10))
  assert.equal(hold.overflowed, true)
  assert.deepEqual(seqs(5), [])
})
