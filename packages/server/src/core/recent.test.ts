import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Recent } from './recent.ts'

test('the entries that were used last are kept, and no more than the bound', () => {
  const recent = new Recent<string, number>(2)
  recent.set('a', 1)
  recent.set('b', 2)
  assert.equal(recent.get('a'), 1)
  recent.set('c', 3)
  assert.deepEqual([recent.get('a'), recent.get('b'), recent.get('c')], [1, undefined, 3])
  assert.equal(recent.size, 2)
})

test('setting anew replaces', () => {
  const recent = new Recent<string, number>(2)
  recent.set('a', 1)
  recent.set('a', 2)
  assert.equal(recent.get('a'), 2)
  assert.equal(recent.size, 1)
})
