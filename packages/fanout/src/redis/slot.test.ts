import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { channelOf } from './channel.ts'
import { crc16, SLOTS, slotOf } from './slot.ts'

test('the checksum is the one of the specification', () => {
  assert.equal(crc16(Buffer.from('123456789')), 0x31c3)
})

test('only what is between the first pair of braces counts, where anything is', () => {
  assert.equal(slotOf('{user}.a'), slotOf('user'))
  assert.equal(slotOf('a{user}{other}'), slotOf('user'))
  assert.equal(slotOf('foo{{bar}}'), slotOf('{bar'))
  assert.notEqual(slotOf('foo{}{bar}'), slotOf('bar'))
  assert.notEqual(slotOf('a}{'), slotOf(''))
})

test('topics spread over the slots, whatever they are called', () => {
  const slots = new Set(
    Array.from({ length: 1_000 }, (_, i) => slotOf(channelOf('madang:', `{same} ${i}`))),
  )
  assert.ok(slots.size > 900, `${slots.size} slots`)
})

test('different topics have different channels, and a channel has no braces', () => {
  const topic = fc.string({ unit: 'binary', maxLength: 20 })
  fc.assert(
    fc.property(topic, topic, (one, other) => {
      const [a, b] = [channelOf('p:', one), channelOf('p:', other)]
      assert.equal(a === b, one === other)
      assert.ok(!/[{}]/.test(a) && a.isWellFormed())
      assert.ok(slotOf(a) >= 0 && slotOf(a) < SLOTS)
    }),
  )
  assert.notEqual(channelOf('', '\ud800'), channelOf('', '\ud801'))
  assert.notEqual(channelOf('', '%7b'), channelOf('', '{'))
})
