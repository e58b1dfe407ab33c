import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { move, World } from './testing/outbox-world.ts'

test('whatever is lost, repeated or reloaded, each message is stored once, in the order of sending', () => {
  const met = { repeats: 0, reloads: 0, duplicates: 0, refusals: 0 }
  fc.assert(
    fc.property(fc.array(move, { maxLength: 100, size: 'max' }), (moves) => {
      const world = new World()
      for (const next of moves) world.make(next)
      for (const name of Object.keys(met) as (keyof typeof met)[]) met[name] += world.met[name]
      world.settle()
      for (const log of world.logs) {
        const meant = world.meant
          .filter((one) => one.channelId === log.channelId && !one.text.startsWith('bad'))
          .map((one) => one.text)
        assert.deepEqual(
          log.messages().map((one) => one.text),
          meant,
        )
      }
      assert.deepEqual(
        world.stored.map((one) => one.text),
        world.state.entries.map((one) => one.draft.text),
        'storage ends with what failed, and nothing else',
      )
    }),
    { numRuns: 400 },
  )
  for (const [name, times] of Object.entries(met)) assert.ok(times > 50, `${name}: ${times}`)
})
