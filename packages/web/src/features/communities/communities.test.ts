import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinable } from './communities.ts'

const community = (id: string, role: 'member' | null) =>
  ({ id, name: id, visibility: 'public', createdAt: 0, role }) as const

test('one can join what one is not in, by the newest knowledge', () => {
  const listed = [community('a', 'member'), community('b', null), community('c', null)]
  const found = joinable(listed, [community('a', 'member'), community('b', 'member')])
  assert.deepEqual(
    found.map(({ id }) => id),
    ['c'],
  )
})
