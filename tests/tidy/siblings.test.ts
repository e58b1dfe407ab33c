// One contract, one case file, and every implementation passes it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { untestedSiblings } from './siblings.ts'
import { readTree } from './tree.ts'
import { judge } from './verdict.ts'

const folder = 'packages/fanout/src/brokers'
const broker = { path: `${folder}/redis.ts`, text: 'export class Redis implements Broker {}' }
const both = "import { Redis } from './redis.ts'\nimport { brokerCases } from '../broker.case.ts'"

const suite = { path: 'packages/fanout/src/broker.case.ts', text: '' }

test('a broker whose test does not call the case file is named', () => {
  const tests = { path: `${folder}/redis.test.ts`, text: "import { Redis } from './redis.ts'" }
  assert.equal(untestedSiblings([broker]).length, 1)
  assert.match(untestedSiblings([suite, broker, tests])[0]?.message ?? '', /broker\.case\.ts/)
})

test('a broker that passes the case file is not', () => {
  assert.deepEqual(
    untestedSiblings([suite, broker, { path: `${folder}/redis.test.ts`, text: both }]),
    [],
  )
})

test('a test may reach the broker by way of what makes it ready', () => {
  const ready = { path: `${folder}/testing/server.ts`, text: "import { Redis } from '../redis.ts'" }
  const text = "import './testing/server.ts'\nimport { brokerCases } from '../broker.case.ts'"
  const one = { path: `${folder}/redis.test.ts`, text }
  assert.deepEqual(untestedSiblings([suite, broker, ready, one]), [])
})

test('the test of one sibling does not stand for another', () => {
  const other = { path: `${folder}/redis-cluster.ts`, text: broker.text }
  const problems = untestedSiblings([
    suite,
    broker,
    other,
    { path: `${folder}/redis.test.ts`, text: both },
  ])
  assert.deepEqual(
    problems.map((problem) => problem.path),
    [other.path],
  )
})

test('a function that returns a broker makes one, a function that takes one does not', () => {
  const makes = 'export function redis(url: string): Broker {\n}'
  const takes = 'export function partition(brokers: Broker[]): number {\n}'
  assert.equal(untestedSiblings([{ ...broker, text: makes }]).length, 1)
  assert.deepEqual(untestedSiblings([{ ...broker, text: takes }]), [])
})

test('a part of an implementation is no implementation', () => {
  assert.deepEqual(
    untestedSiblings([{ path: `${folder}/slots.ts`, text: '// implements Broker' }]),
    [],
  )
})

test('every implementation passes its case file', () => {
  judge('every implementation passes its case file', untestedSiblings(readTree()))
})
