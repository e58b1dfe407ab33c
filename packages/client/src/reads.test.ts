import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorBody } from '@madang/protocol/errors'
import { BOUNDS } from './bounds.ts'
import { newReads, type Reads, type ReadsEffect, type ReadsInput, stepReads } from './reads.ts'

function run(inputs: readonly ReadsInput[], from: Reads = newReads): [Reads, ReadsEffect[]] {
  const effects: ReadsEffect[] = []
  let state = from
  for (const input of inputs) {
    const [next, more] = stepReads(state, input, 0)
    state = next
    effects.push(...more)
  }
  return [state, effects]
}

const mark = (cursor: number, channelId = 'a'): ReadsInput => ({ kind: 'mark', channelId, cursor })

test('marks of one moment become one request per channel, with the furthest cursor', () => {
  const [state, effects] = run([
    { kind: 'online' },
    mark(3),
    mark(7),
    mark(5),
    mark(1, 'b'),
    { kind: 'timer' },
  ])
  assert.deepEqual(effects, [
    { kind: 'read', channelId: 'a', cursor: 7 },
    { kind: 'read', channelId: 'b', cursor: 1 },
  ])
  assert.equal(state.timerAt, undefined)
})

test('what was read without a connection is told on the next one', () => {
  const [state] = run([mark(3)])
  assert.equal(state.timerAt, undefined)
  const [later] = run([{ kind: 'online' }], state)
  assert.equal(later.timerAt, BOUNDS.readIntervalMs)
})

test('a cursor that the server has passed is not told', () => {
  const [, effects] = run([
    { kind: 'online' },
    mark(3),
    { kind: 'known', channelId: 'a', cursor: 4 },
    { kind: 'timer' },
  ])
  assert.deepEqual(effects, [])
})

test('a refusal for now is told again, one for good is not', () => {
  const later = errorBody('rate_limited', { retryAfterMs: 9_000 })
  const [again] = run([
    { kind: 'online' },
    mark(3),
    { kind: 'timer' },
    { kind: 'failed', channelId: 'a', error: later },
  ])
  assert.equal(again.timerAt, 9_000)
  const [over] = run([{ kind: 'failed', channelId: 'a', error: errorBody('not_member') }], again)
  assert.equal(over.wanted.size, 0)
})
