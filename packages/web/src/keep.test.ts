import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDraft, writeDraft } from './features/composer/drafts.ts'
import { memoryShelf } from './keep.case.ts'
import { createKeep } from './keep.ts'

test('a text is kept, replaced and removed', () => {
  const keep = createKeep(memoryShelf)
  assert.equal(keep.get('a'), undefined)
  const shelf = memoryShelf()
  const kept = createKeep(() => shelf)
  kept.set('a', '1')
  kept.set('a', '2')
  assert.equal(kept.get('a'), '2')
  kept.remove('a')
  assert.equal(kept.get('a'), undefined)
})

test('clearing removes what begins so, and nothing else', () => {
  const shelf = memoryShelf()
  const keep = createKeep(() => shelf)
  for (const key of ['draft.1', 'draft.2', 'theme']) keep.set(key, key)
  shelf.setItem('draft.3', 'somebody else on this origin')
  keep.clear('draft.')
  assert.deepEqual(
    [keep.get('draft.1'), keep.get('draft.2'), keep.get('theme'), shelf.getItem('draft.3')],
    [undefined, undefined, 'theme', 'somebody else on this origin'],
  )
})

test('a shelf that is forbidden forgets, and throws nothing', () => {
  const keep = createKeep(() => {
    throw new DOMException('The operation is insecure.', 'SecurityError')
  })
  keep.set('a', '1')
  keep.remove('a')
  keep.clear('')
  assert.equal(keep.get('a'), undefined)
})

test('a draft is kept per channel, and an empty one is none', () => {
  const shelf = memoryShelf()
  const keep = createKeep(() => shelf)
  writeDraft(keep, 'one', 'half a sen')
  writeDraft(keep, 'two', 'other')
  writeDraft(keep, 'two', '')
  assert.deepEqual([readDraft(keep, 'one'), readDraft(keep, 'two')], ['half a sen', ''])
  assert.equal(shelf.length, 1)
})
