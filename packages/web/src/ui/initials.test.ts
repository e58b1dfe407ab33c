import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hue, initials } from './initials.ts'

test('a name becomes one or two letters', () => {
  assert.equal(initials('Mina Park'), 'MP')
  assert.equal(initials('theo'), 'T')
  assert.equal(initials('김민아'), '민아')
  assert.equal(initials('하늘'), '하')
  assert.equal(initials('동네 책방'), '동책')
  assert.equal(initials('👩‍👩‍👧 family'), '👩‍👩‍👧F')
  assert.equal(initials('   '), '?')
})

test('every id has one of twelve hues, always the same', () => {
  fc.assert(
    fc.property(fc.string(), (id) => {
      const first = hue(id)
      return Number.isInteger(first) && first >= 0 && first < 12 && hue(id) === first
    }),
  )
})

test('ids that differ little spread over all hues', () => {
  const seen = new Set(Array.from({ length: 200 }, (_, at) => hue(`0189-${at}`)))
  assert.equal(seen.size, 12)
})
