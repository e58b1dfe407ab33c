import assert from 'node:assert/strict'
import { test } from 'node:test'
import { presenceOf, withoutCommunity, withPresence } from './presence.ts'
import { author } from './testing/model-log.ts'

const start = presenceOf([{ communityId: 'c', online: [author(1), author(2)], count: 2 }])

test('who comes is added, who goes is removed, the count is the server’s', () => {
  const after = withPresence(start, {
    communityId: 'c',
    online: [author(3)],
    offline: [author(1).id],
    count: 20,
  })
  assert.deepEqual(after.get('c'), { online: [author(2), author(3)], count: 20 })
})

test('who comes again under another name is there once', () => {
  const renamed = { ...author(2), name: 'new' }
  const after = withPresence(start, { communityId: 'c', online: [renamed], offline: [], count: 2 })
  assert.deepEqual(after.get('c')?.online, [author(1), renamed])
})

test('a community that is ours no more has nobody online', () => {
  assert.equal(withoutCommunity(start, 'c').size, 0)
  assert.equal(withoutCommunity(start, 'other'), start)
})
