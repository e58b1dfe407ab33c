import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFormat } from './format.ts'

test('bytes are written with a unit that needs no plural, in both languages', () => {
  const sizes = [0, 0.4, 18, 999, 1_000, 4_700, 1_250_000]
  const [english, korean] = [createFormat('en'), createFormat('ko')]
  const texts = ['0 B', '0 B', '18 B', '999 B', '1 kB', '4.7 kB', '1.3 MB']
  assert.deepEqual(sizes.map(english.bytes), texts)
  const bare = sizes.map((size) => korean.bytes(size).replace(' ', ''))
  assert.deepEqual(
    bare,
    texts.map((text) => text.replace(' ', '')),
  )
})
