import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Row } from '../run/run-all.ts'
import { SCENARIOS } from '../scenarios/all.ts'
import { referenceOf } from './reference.ts'
import { played } from './testing/played.ts'

const names = (page: string) => [...page.matchAll(/^\| `([a-z\d-]+)`/gm)].map(([, name]) => name)

test('a scenario that is played again takes the place of its row, and the others stay', () => {
  const [first, second] = SCENARIOS
  assert.ok(first && second)
  const skipped: Row = {
    kind: 'skipped',
    name: second.name,
    why: 'no nginx here',
    isFailure: false,
  }
  const one = referenceOf('', { rows: [skipped], baseline: undefined, where: 'on Monday' })
  assert.match(one, /skipped .* no nginx here/)
  const two = referenceOf(one, { rows: [played('right')], baseline: undefined, where: 'on Friday' })
  assert.deepEqual(names(two), [first.name, second.name])
  assert.match(two, /\| true \|/)
  const three = referenceOf(two, { rows: [played('wrong')], baseline: undefined, where: 'later' })
  assert.deepEqual(names(three), [first.name, second.name])
  assert.doesNotMatch(three, /\| true \||Friday/)
  assert.match(three, /later/)
})

test('stock Socket.IO stands below, and stays where only scenarios are played', () => {
  const baseline = { columns: ['system', 'lost'], rows: [['stock', 6]] }
  const one = referenceOf('', { rows: [played('right')], baseline, where: 'on Monday' })
  assert.match(one, /\| stock \| 6 \|/)
  const two = referenceOf(one, { rows: [played('right')], baseline: undefined, where: 'on Friday' })
  assert.match(two, /on Friday[\s\S]*on Monday[\s\S]*\| stock \| 6 \|/)
})
