// Who is there, by hand-set time: joins, changes, what was missed, and silence.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Members } from './members.ts'
import { Repeats } from './repeats.ts'
import { topicsOf } from './topics.ts'

const hello = (revision: number, namespaces: string[]) => ({ name: 'n', revision, namespaces })

test('a node is known by its hello, with its namespaces', () => {
  const members = new Members()
  assert.equal(members.beat('a', 1), 'ask')
  assert.equal(members.hello('a', hello(1, ['/', '/x']), 0), true)
  assert.equal(members.hello('a', hello(1, ['/', '/x']), 0), false)
  assert.deepEqual([...members.with('/x')], ['a'])
  assert.deepEqual([...members.with('/y')], [])
  assert.equal(members.beat('a', 1), 'fine')
})

test('a change is taken in turn, and a missed one is asked for', () => {
  const members = new Members()
  assert.equal(members.change('a', 2, ['/x'], []), 'ask')
  members.hello('a', hello(1, ['/']), 0)
  assert.equal(members.change('a', 2, ['/x'], ['/']), 'fine')
  assert.deepEqual([[...members.with('/')], [...members.with('/x')]], [[], ['a']])
  assert.equal(members.change('a', 2, ['/old'], []), 'fine')
  assert.equal(members.change('a', 4, ['/y'], []), 'ask')
  assert.equal(members.beat('a', 4), 'ask')
  members.hello('a', hello(4, ['/x', '/y']), 0)
  members.hello('a', hello(3, ['/x']), 0)
  assert.deepEqual([...members.with('/y')], ['a'])
})

test('who is silent for too long is named, and nobody else', () => {
  const members = new Members()
  members.hello('a', hello(1, ['/']), 0)
  members.hello('b', hello(1, ['/']), 0)
  members.seen('b', 500)
  assert.deepEqual(members.silent(1_000, 1_000), [])
  assert.deepEqual(members.silent(1_001, 1_000), ['a'])
  members.seenAll(1_001)
  assert.deepEqual(members.silent(2_000, 1_000), [])
  assert.equal(members.remove('a'), true)
  assert.equal(members.remove('a'), false)
  assert.deepEqual([...members.with('/')], ['b'])
})

test('repeats are known for their time, and never more of them than the bound', () => {
  const repeats = new Repeats({ idsMax: 10, ageMsMax: 100 })
  assert.deepEqual(
    [repeats.add('a', 0), repeats.add('a', 50), repeats.add('a', 150)],
    [false, true, true],
  )
  for (let i = 0; i < 1_000; i++) repeats.add(`${i}`, 200)
  assert.ok(repeats.size <= 20)
  assert.equal(repeats.add('999', 200), true)
  assert.equal(repeats.add('a', 10_000), false)
  assert.equal(repeats.add('999', 20_000), false)
})

test('topics of different rooms differ, and fit every broker', () => {
  const topics = topicsOf('p')
  const names = [
    '',
    'a',
    'a:b',
    '1',
    1,
    '\ud83d',
    '\ud83c',
    'x'.repeat(500),
    'x'.repeat(501),
    '마당',
  ]
  const all = ['/', '/a', '/a:', '/aa'].flatMap((nsp) => [
    topics.namespace(nsp),
    ...names.map((name) => topics.room(nsp, name)),
  ])
  assert.equal(new Set(all).size, all.length)
  for (const topic of all) assert.ok(topic.length <= 200 && topic.isWellFormed())
})
