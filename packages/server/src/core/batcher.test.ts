import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Batcher } from './batcher.ts'
import { Refusal } from './refusal.ts'

interface Run {
  readonly keys: readonly number[]
  answer(): void
  fail(error: Error): void
}

/** A batcher that doubles numbers when the test says so. */
function ground(bounds: { keysMax?: number; runningMax?: number; waitingMax?: number } = {}) {
  const runs: Run[] = []
  const run = (keys: readonly number[]): Promise<number[]> =>
    new Promise((resolve, reject) => {
      runs.push({ keys, answer: () => resolve(keys.map((key) => key * 2)), fail: reject })
    })
  const batcher = new Batcher({ keysMax: 100, runningMax: 1, waitingMax: 1_000, ...bounds, run })
  return { runs, batcher }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('calls of the same moment share a run, and each gets its own answer', async () => {
  const { runs, batcher } = ground()
  const answers = Promise.all([batcher.get(1), batcher.get(2), batcher.get(1)])
  await turn()
  assert.deepEqual(
    runs.map(({ keys }) => keys),
    [[1, 2, 1]],
  )
  runs[0]?.answer()
  assert.deepEqual(await answers, [2, 4, 2])
})

test('a call never joins a run that has begun', async () => {
  const { runs, batcher } = ground()
  const first = batcher.get(1)
  await turn()
  const second = batcher.get(2)
  await turn()
  assert.equal(runs.length, 1)
  runs[0]?.answer()
  assert.equal(await first, 2)
  await turn()
  assert.deepEqual(runs[1]?.keys, [2])
  runs[1]?.answer()
  assert.equal(await second, 4)
})

test('calls gather while as many runs as allowed are under way', async () => {
  const { runs, batcher } = ground({ runningMax: 2 })
  const answers: Promise<number>[] = []
  for (const key of [1, 2, 3, 4, 5]) {
    answers.push(batcher.get(key))
    await turn()
  }
  assert.deepEqual(
    runs.map(({ keys }) => keys),
    [[1], [2]],
  )
  runs[1]?.answer()
  await turn()
  assert.deepEqual(runs[2]?.keys, [3, 4, 5])
  runs[0]?.answer()
  runs[2]?.answer()
  assert.deepEqual(await Promise.all(answers), [2, 4, 6, 8, 10])
})

test('a run carries no more keys than its bound, and the oldest calls come first', async () => {
  const { runs, batcher } = ground({ keysMax: 2 })
  const answers = Promise.all([1, 2, 3, 4, 5].map((key) => batcher.get(key)))
  for (let index = 0; index < 3; index += 1) {
    await turn()
    runs[index]?.answer()
  }
  await answers
  assert.deepEqual(
    runs.map(({ keys }) => keys),
    [[1, 2], [3, 4], [5]],
  )
})

test('an error reaches each caller of its run and nobody else, and the next run goes on', async () => {
  const { runs, batcher } = ground({ keysMax: 2 })
  const answers = Promise.allSettled([1, 2, 3].map((key) => batcher.get(key)))
  await turn()
  runs[0]?.fail(new Error('down'))
  await turn()
  runs[1]?.answer()
  assert.deepEqual(
    (await answers).map((answer) =>
      answer.status === 'fulfilled' ? answer.value : answer.reason.message,
    ),
    ['down', 'down', 6],
  )
})

test('a run that throws at once or answers too little rejects its callers', async () => {
  const bounds = { keysMax: 10, runningMax: 1, waitingMax: 10 }
  const throwing = new Batcher<number, number>({
    ...bounds,
    run: () => {
      throw new Error('broken')
    },
  })
  await assert.rejects(throwing.get(1), /broken/)
  const short = new Batcher<number, number>({ ...bounds, run: async () => [] })
  await assert.rejects(Promise.all([short.get(1), short.get(2)]), /fewer or more/)
})

test('a call past the bound is refused as busy, and those before it are answered', async () => {
  const { runs, batcher } = ground({ waitingMax: 2 })
  const answers = Promise.all([batcher.get(1), batcher.get(2)])
  await assert.rejects(
    batcher.get(3),
    (error) => error instanceof Refusal && error.body.code === 'busy',
  )
  await turn()
  runs[0]?.answer()
  assert.deepEqual(await answers, [2, 4])
})

test('whatever comes in whatever order, every call is answered once, rightly, by a run that began after it', async () => {
  const steps = fc.array(fc.constantFrom('call', 'turn', 'answer', 'fail'), { maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      async (plan, keysMax, runningMax) => {
        const { runs, batcher } = ground({ keysMax, runningMax })
        const settled: string[] = []
        const expected: string[] = []
        let [calls, done] = [0, 0]
        const begunBefore: number[] = []
        const settle = (failing: boolean): void => {
          const run = runs[done]
          if (!run) return
          done += 1
          for (const key of run.keys) {
            assert.equal((begunBefore[key] ?? 0) < done, true)
            expected.push(failing ? `${key} failed` : `${key} is ${key * 2}`)
          }
          if (failing) run.fail(new Error('down'))
          else run.answer()
        }
        for (const step of plan) {
          if (step === 'call') {
            const key = calls++
            begunBefore[key] = runs.length
            batcher.get(key).then(
              (value) => settled.push(`${key} is ${value}`),
              () => settled.push(`${key} failed`),
            )
          } else if (step === 'turn') await turn()
          else settle(step === 'fail')
          assert.equal(runs.length - done <= runningMax, true)
        }
        for (await turn(); done < runs.length; await turn()) settle(false)
        await turn()
        assert.deepEqual(settled, expected)
        assert.equal(settled.length, calls)
        assert.equal(
          runs.every(({ keys }) => keys.length <= keysMax),
          true,
        )
      },
    ),
  )
})
