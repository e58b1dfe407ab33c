import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LIMITS, type LogEvent } from '@madang/protocol'
import fc from 'fast-check'
import { bytesOf, fitting } from './page-size.ts'

const id = 'ffffffff-ffff-7fff-bfff-ffffffffffff'
const name = '"'.repeat(LIMITS.nameCharsMax)
const big = Number.MAX_SAFE_INTEGER

function message(text: string): LogEvent {
  return {
    kind: 'created',
    id,
    channelId: id,
    seq: big,
    createdAt: big,
    author: { id, name: 'ann' },
    clientId: 'c'.repeat(LIMITS.clientIdCharsMax),
    lane: 'question',
    question: 'answered',
    text,
    editedAt: big,
    rev: big,
  }
}

describe('the size of an event', () => {
  it('is never guessed smaller than it is', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }))
    fc.assert(
      fc.property(text, (said) => {
        const event = message(said)
        assert.ok(bytesOf(event) >= Buffer.byteLength(JSON.stringify(event)))
      }),
      { numRuns: 50 },
    )
    const base = { id, channelId: id, seq: big, createdAt: big, author: { id, name } }
    const others: LogEvent[] = [
      { kind: 'renamed', ...base, name, topic: '한'.repeat(LIMITS.topicCharsMax) },
      { kind: 'kicked', ...base, subject: base.author, reason: '한'.repeat(LIMITS.reasonCharsMax) },
      { kind: 'joined', ...base, subject: base.author, role: 'moderator' },
    ]
    for (const event of others) {
      assert.ok(bytesOf(event) >= Buffer.byteLength(JSON.stringify(event)), event.kind)
    }
  })
})

describe('a page that fits', () => {
  const events = [1, 2, 3, 4].map((seq) => ({ ...message('x'.repeat(1_000)), seq }))
  const seqs = (bytesMax: number, keep: 'oldest' | 'newest') =>
    fitting(events, bytesMax, keep).map(({ seq }) => seq)

  it('keeps the end that was asked for', () => {
    const two = 2 * bytesOf(message('x'.repeat(1_000)))
    assert.deepEqual(seqs(two, 'newest'), [3, 4])
    assert.deepEqual(seqs(two, 'oldest'), [1, 2])
    assert.deepEqual(seqs(1e9, 'oldest'), [1, 2, 3, 4])
  })

  it('has one event at least, so that reading goes on', () => {
    assert.deepEqual(seqs(1, 'newest'), [4])
    assert.deepEqual(seqs(1, 'oldest'), [1])
    assert.deepEqual(fitting([], 1, 'oldest'), [])
  })
})
