import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Entry, Outbox } from './outbox.ts'

const LIMITS = { queueFramesMax: 5, queueBytesMax: 100, ageMsMax: 1_000 }
const frame = (bytes: number) => new Uint8Array(bytes)

/** Takes all that may be sent. */
function takeAll(outbox: Outbox, via: unknown, now = 0): Entry[] {
  const taken: Entry[] = []
  for (let entry = outbox.next(0, via, now); entry; entry = outbox.next(0, via, now)) {
    taken.push(entry)
  }
  return taken
}

const push = (outbox: Outbox, name: string, now = 0) => outbox.push(0, name, frame(1), now)
const names = (entries: readonly Entry[]) => entries.map(({ channel }) => channel)

test('frames count until they are answered, sent or not', () => {
  const outbox = new Outbox(LIMITS)
  for (let i = 0; i < 5; i++) assert.equal(push(outbox, `${i}`), true)
  assert.equal(push(outbox, 'one more'), false)
  const [first] = takeAll(outbox, 'here')
  assert.equal(push(outbox, 'one more'), false)
  assert.equal(outbox.droppedFrames, 2)
  if (first !== undefined) outbox.done(first)
  assert.equal(push(outbox, 'one more'), true)
})

test('bytes are bounded too, and a frame that fits exactly is taken', () => {
  const outbox = new Outbox(LIMITS)
  assert.equal(outbox.push(0, 'a', frame(60), 0), true)
  assert.equal(outbox.push(0, 'b', frame(41), 0), false)
  assert.equal(outbox.push(0, 'c', frame(40), 0), true)
  assert.equal(outbox.push(0, 'd', frame(1), 0), false)
})

test('what waited too long is dropped, counted, and makes room', () => {
  const outbox = new Outbox(LIMITS)
  for (let i = 0; i < 5; i++) push(outbox, `old ${i}`, 0)
  assert.equal(push(outbox, 'young', 1_001), true)
  assert.equal(outbox.droppedFrames, 5)
  assert.deepEqual(names(takeAll(outbox, 'here', 1_001)), ['young'])
})

test('a frame as old as the limit is sent', () => {
  const outbox = new Outbox(LIMITS)
  push(outbox, 'just', 0)
  assert.deepEqual(names(takeAll(outbox, 'here', 1_000)), ['just'])
})

test('what was under way on a connection that is gone is not sent again', () => {
  const outbox = new Outbox(LIMITS)
  push(outbox, 'under way')
  const [entry] = takeAll(outbox, 'here')
  push(outbox, 'waiting')
  outbox.lost('here')
  assert.equal(outbox.droppedFrames, 1)
  assert.deepEqual(names(takeAll(outbox, 'there')), ['waiting'])
  // A late answer of the old connection changes nothing.
  if (entry !== undefined) outbox.done(entry)
  assert.equal(outbox.size, 1)
})

test('nothing of a lane is sent elsewhere while something of it is under way', () => {
  const outbox = new Outbox(LIMITS)
  push(outbox, 'first')
  const [first] = takeAll(outbox, 'here')
  push(outbox, 'second')
  assert.deepEqual(takeAll(outbox, 'there'), [])
  if (first !== undefined) outbox.done(first)
  assert.deepEqual(names(takeAll(outbox, 'there')), ['second'])
})

test('refused frames go again before later ones, when all that was sent with them is answered', () => {
  const outbox = new Outbox(LIMITS)
  for (const name of ['a', 'b', 'c']) push(outbox, name)
  const [a, b] = [outbox.next(0, 'here', 0), outbox.next(0, 'here', 0)]
  if (a !== undefined) outbox.refused(a)
  assert.deepEqual(takeAll(outbox, 'here'), [])
  if (b !== undefined) outbox.refused(b)
  assert.deepEqual(names(takeAll(outbox, 'there')), ['a', 'b', 'c'])
})

test('a refused frame that a later one has overtaken is dropped', () => {
  const outbox = new Outbox(LIMITS)
  for (const name of ['a', 'b', 'c']) push(outbox, name)
  const [a, b] = [outbox.next(0, 'here', 0), outbox.next(0, 'here', 0)]
  if (a !== undefined) outbox.refused(a)
  if (b !== undefined) outbox.done(b)
  assert.equal(outbox.droppedFrames, 1)
  assert.deepEqual(names(takeAll(outbox, 'here')), ['c'])
})

test('lanes do not wait for each other, and empty ones are forgotten', () => {
  const outbox = new Outbox(LIMITS)
  outbox.push(1, 'one', frame(1), 0)
  outbox.push(2, 'two', frame(1), 0)
  const one = outbox.next(1, 'here', 0)
  const two = outbox.next(2, 'there', 0)
  assert.deepEqual([one?.channel, two?.channel], ['one', 'two'])
  if (one !== undefined) outbox.failed(one)
  if (two !== undefined) outbox.done(two)
  assert.deepEqual(outbox.lanes, [])
  assert.equal(outbox.size, 0)
  assert.equal(outbox.droppedFrames, 1)
})

const happening = fc.constantFrom('push', 'next', 'done', 'refused', 'failed', 'lost', 'elsewhere')

test('whatever happens, frames arrive once at most, in order, and none is forgotten', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 200 }), (happenings) => {
      const outbox = new Outbox({ ...LIMITS, queueFramesMax: 20 })
      const arrived: number[] = []
      let flying: Entry[] = []
      let via = 0
      let said = 0
      let refused = 0
      for (const what of happenings) {
        const [entry] = flying
        if (what === 'push') if (!push(outbox, `${++said}`)) refused += 1
        if (what === 'next') {
          const next = outbox.next(0, via, 0)
          if (next !== undefined) flying.push(next)
        }
        if (what === 'elsewhere') via += flying.length === 0 ? 1 : 0
        if (what === 'lost') {
          outbox.lost(via)
          flying = []
        }
        if (entry === undefined || !['done', 'refused', 'failed'].includes(what)) continue
        flying.shift()
        if (what === 'done') {
          arrived.push(Number(entry.channel))
          outbox.done(entry)
        } else if (what === 'refused') outbox.refused(entry)
        else outbox.failed(entry)
      }
      assert.deepEqual(
        arrived,
        [...new Set(arrived)].sort((a, b) => a - b),
      )
      assert.equal(arrived.length + outbox.droppedFrames + outbox.size, said)
      assert.ok(outbox.droppedFrames >= refused)
    }),
    { numRuns: 500 },
  )
})
