import assert from 'node:assert/strict'
import { it } from 'node:test'
import { expired, nobodyTypes, people, samePeople, stopped, typed } from './typing-list.ts'

const ann = { id: 'ann', name: 'Ann' }
const bob = { id: 'bob', name: 'Bob' }
const cyd = { id: 'cyd', name: 'Cyd' }

it('a list has whoever types, in the order in which they began, until they stop or are forgotten', () => {
  let list = typed(nobodyTypes, ann, 10, 9)
  list = typed(list, bob, 20, 9)
  list = typed(list, ann, 30, 9)
  assert.deepEqual(people(list), [ann, bob])
  assert.deepEqual(people(expired(list, 20)), [ann])
  assert.deepEqual(people(expired(list, 30)), [])
  assert.deepEqual(people(stopped(list, 'ann')), [bob])
  assert.equal(stopped(list, 'cyd'), list)
  assert.equal(expired(list, 19), list)
})

it('a full list takes nobody new, and keeps those who go on', () => {
  const full = typed(typed(nobodyTypes, ann, 10, 2), bob, 10, 2)
  assert.equal(typed(full, cyd, 10, 2), full)
  assert.deepEqual(people(expired(typed(full, ann, 20, 2), 10)), [ann])
})

it('readers see the same where the same people type', () => {
  const one = typed(nobodyTypes, ann, 10, 9)
  assert.equal(samePeople(one, typed(one, ann, 99, 9)), true)
  assert.equal(samePeople(one, typed(one, bob, 10, 9)), false)
  assert.equal(samePeople(one, typed(nobodyTypes, bob, 10, 9)), false)
})
