import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Turns } from './turns.ts'

/** Turns of the loop that are played by hand. */
function loop(perTurn: number) {
  const deferred: (() => void)[] = []
  const turns = new Turns({ perTurn, defer: (run) => deferred.push(run) })
  const turn = async () => {
    for (const run of deferred.splice(0)) run()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { turns, turn, isIdle: () => deferred.length === 0 }
}

test('whoever comes while there is room goes on at once', () => {
  const { turns } = loop(2)
  assert.deepEqual([turns.take(), turns.take()], [undefined, undefined])
  assert.notEqual(turns.take(), undefined)
})

test('in no turn more than so many go on, in the order in which they came, and nobody waits for ever', async () => {
  const crowds = fc.array(fc.nat({ max: 12 }), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), crowds, async (perTurn, arrivals) => {
      const { turns, turn, isIdle } = loop(perTurn)
      const through: number[] = []
      let came = 0
      const come = () => {
        const name = came++
        const wait = turns.take()
        if (wait === undefined) through.push(name)
        else void wait.then(() => through.push(name))
      }
      for (const count of arrivals) {
        const before = through.length
        for (let each = 0; each < count; each++) come()
        assert.ok(through.length - before <= perTurn)
        const atOnce = through.length
        await turn()
        assert.ok(through.length - atOnce <= perTurn)
      }
      while (!isIdle()) await turn()
      assert.deepEqual(
        through,
        Array.from({ length: came }, (_, at) => at),
      )
    }),
  )
})
