import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../refusal.ts'
import { Gate } from './gate.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function ground(runningMax: number, waitingMax: number) {
  const gate = new Gate({ runningMax, waitingMax, retryAfterMs: 2_000, limit: 'worksMax' })
  const ends: ((error?: Error) => void)[] = []
  const begun: number[] = []
  const pass = (name: number): Promise<number> =>
    gate.pass(() => {
      begun.push(name)
      return new Promise((resolve, reject) => {
        ends.push((error) => (error ? reject(error) : resolve(name)))
      })
    })
  return { pass, begun, ends }
}

test('no more is done at once than allowed, and in the order it came', async () => {
  const { pass, begun, ends } = ground(2, 10)
  const all = [1, 2, 3, 4].map(pass)
  await turn()
  assert.deepEqual(begun, [1, 2])
  ends[1]?.()
  await turn()
  assert.deepEqual(begun, [1, 2, 3])
  ends[0]?.()
  await turn()
  assert.deepEqual(begun, [1, 2, 3, 4])
  ends[2]?.()
  ends[3]?.()
  assert.deepEqual(await Promise.all(all), [1, 2, 3, 4])
})

test('what comes past the bound is refused as busy, with advice', async () => {
  const { pass, ends } = ground(1, 1)
  const taken = [pass(1), pass(2)]
  await assert.rejects(pass(3), (error) => {
    assert.ok(error instanceof Refusal)
    const { code, retryAfterMs, limit } = error.body
    assert.deepEqual([code, retryAfterMs, limit], ['busy', 2_000, 'worksMax'])
    return true
  })
  await turn()
  ends[0]?.()
  await turn()
  ends[1]?.()
  await Promise.all(taken)
})

test('work that fails makes room too', async () => {
  const { pass, begun, ends } = ground(1, 1)
  const failing = pass(1)
  const next = pass(2)
  await turn()
  ends[0]?.(new Error('broken'))
  await assert.rejects(failing, /broken/)
  await turn()
  assert.deepEqual(begun, [1, 2])
  ends[1]?.()
  assert.equal(await next, 2)
})
