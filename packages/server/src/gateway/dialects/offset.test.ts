import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { OFFSET_CHARS_MAX, placeKey, readOffset, writeOffset, writeWholeOffset } from './offset.ts'

const key = fc.uuid().map((id) => placeKey(id, '0'))
const seq = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const place = fc.record({ key, seq }, { noNullPrototype: true })
const at = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2088, 0, 1) })

it('an offset is read as it was written, to the second', () => {
  fc.assert(
    fc.property(at, place, (when, one) => {
      const read = readOffset(writeOffset(when, one))
      const second = Math.floor(when / 1_000) * 1_000
      assert.deepEqual(read, { at: second, places: [one], whole: false })
    }),
  )
  fc.assert(
    fc.property(at, fc.array(place, { maxLength: 100 }), (when, places) => {
      const text = writeWholeOffset(when, places)
      assert.ok(text.length <= OFFSET_CHARS_MAX)
      const second = Math.floor(when / 1_000) * 1_000
      assert.deepEqual(readOffset(text), { at: second, places, whole: true })
    }),
  )
})

it('an offset in its usual length costs no more than a short word', () => {
  const text = writeOffset(Date.UTC(2026, 10, 21), { key: placeKey('a', '0'), seq: 46_655 })
  assert.equal(text.length, 17)
})

it('what is no offset is none, and is found out at once', () => {
  const good = writeOffset(Date.now(), { key: placeKey('a', '0'), seq: 1 })
  const wrong = [undefined, null, 7, {}, [good], '', 'x', `${good}!`, `${good}..`, ` ${good}`]
  for (const value of [...wrong, good.slice(0, 10), 'a'.repeat(100_000), `${good}\u0000`]) {
    assert.equal(readOffset(value), undefined, JSON.stringify(value)?.slice(0, 40))
  }
  fc.assert(fc.property(fc.anything(), (value) => void readOffset(value)))
})

it('a log that was restored has another key', () => {
  assert.notEqual(placeKey('a', '0'), placeKey('a', '1'))
})
