import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type History, isClean, judge } from './ledger.ts'

const log = [1, 2, 3, 4].map((seq) => ({ seq: seq + 1, clientId: `m${seq}` }))
const clean: History = {
  log,
  senders: [
    {
      name: 'ann',
      acknowledged: new Map(log.map((line) => [line.clientId, line.seq])),
      unresolved: [],
    },
  ],
  readers: [{ name: 'bob', seen: log }],
}
const [first, second, third, fourth] = log as [
  (typeof log)[0],
  (typeof log)[0],
  (typeof log)[0],
  (typeof log)[0],
]

const withSeen = (seen: typeof log): History => ({ ...clean, readers: [{ name: 'bob', seen }] })
const withAcknowledged = (...pairs: [string, number][]): History => ({
  ...clean,
  senders: [{ name: 'ann', acknowledged: new Map(pairs), unresolved: [] }],
})

test('a clean history has no violation', () => {
  assert.deepEqual(judge(clean).witness, [])
  assert.equal(isClean(judge(clean)), true)
})

const mutants: [string, History][] = [
  ['lost', withAcknowledged(['m9', 9])],
  ['lost', withAcknowledged(['m1', 3])],
  ['duplicated', { ...clean, log: [...log, { seq: 6, clientId: 'm1' }] }],
  ['reordered', withAcknowledged(['m2', 3], ['m1', 2])],
  ['repeated', withSeen([first, second, second, third, fourth])],
  ['disordered', withSeen([first, third, second, fourth])],
  ['missed', withSeen([first, second, fourth])],
  ['phantom', withSeen([...log, { seq: 9, clientId: 'm9' }])],
  ['phantom', withSeen([first, second, third, { seq: fourth.seq, clientId: 'other' }])],
  [
    'unresolved',
    {
      ...clean,
      senders: [{ name: 'ann', acknowledged: new Map([['m1', 2]]), unresolved: ['m7'] }],
    },
  ],
]

for (const [violation, history] of mutants) {
  test(`a history with a ${violation} message is caught`, () => {
    const verdict = judge(history)
    assert.equal(isClean(verdict), false)
    assert.ok(
      verdict.witness.some((line) => line.startsWith(`${violation}:`)),
      verdict.witness.join('\n'),
    )
  })
}

test('a run in which nothing was acknowledged or seen proves nothing', () => {
  assert.equal(judge({ log: [], senders: [], readers: [] }).vacuous, true)
  assert.equal(isClean(judge(withSeen([]))), false)
})
