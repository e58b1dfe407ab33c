import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MUTANTS, partsOf } from './parts.ts'
import { type RangeReport, runRange } from './range.ts'
import { shrink } from './shrink.ts'
import { simulate } from './simulate.ts'
import { newStory, type Size } from './story.ts'
import { tell } from './telling.ts'

/** As many as take some ten seconds; `npm run faults -- simulate --seeds N` runs any number. */
const SEEDS: Readonly<Record<Size, number>> = { small: 500, large: 20 }

/** Seeds that found what no smaller one did. */
const ONCE_BROKEN = [
  [
    13,
    'whoever was put out and brought back before a node heard of either was out of it there for good',
  ],
  [1_834, 'a closing without an answer was taken for undone'],
  [
    302_479,
    'the list of a new connection, older than what the old one had told, took the place of it',
  ],
  [326_570, 'an answer to a join undid a closing that was asked for after it'],
  [340_997, 'what was opened came before the word that it is one’s own'],
  [350_782, 'an old notice took a cursor back'],
  [590_668, 'whoever was put out while being let in again was told of the end first'],
] as const

const plain = await partsOf(undefined)

async function keeps(from: number, seeds: number, size: Size): Promise<RangeReport> {
  const report = await runRange({ from, seeds, size }, plain)
  const [broken] = report.broken
  if (broken === undefined) return report
  const small = await shrink(newStory(broken, { size }), { parts: plain })
  assert.fail(tell(small).join('\n'))
}

for (const size of ['small', 'large'] as const) {
  const seeds = SEEDS[size]
  test(`nodes and clients keep every promise over ${seeds} ${size} stories of faults`, {
    timeout: 600_000,
  }, async (t) => {
    const { sums, longestMs } = await keeps(1, seeds, size)
    t.diagnostic(JSON.stringify({ ...sums, longestMs }))
    const least = seeds / 10
    // A run in which nothing happens proves nothing.
    for (const what of ['acknowledged', 'delivered', 'resumed', 'digest', 'gone', 'reload']) {
      assert.ok((sums[what] ?? 0) > least, `${what}: ${sums[what]}`)
    }
  })
}

for (const [seed, what] of ONCE_BROKEN) {
  test(`seed ${seed} keeps its promises; it once showed that ${what}`, async () => {
    await keeps(seed, 1, 'small')
  })
}

for (const [name, { breaks, weather, seedsMax, from = 1 }] of Object.entries(MUTANTS)) {
  test(`it is found within ${seedsMax} seeds that ${name}`, { timeout: 300_000 }, async (t) => {
    const parts = await partsOf(name)
    for (let seed = from; seed < from + seedsMax; seed++) {
      const { violations } = await simulate(newStory(seed, { weather }), parts())
      const found = violations.find(({ invariant }) => breaks.includes(invariant))
      if (found === undefined) continue
      t.diagnostic(`seed ${seed}: ${found.invariant}: ${found.text}`)
      return
    }
    assert.fail(`${seedsMax} seeds show nothing`)
  })
}

test('the same seed tells the same story, and a smaller one of what went wrong', async () => {
  const parts = await partsOf('every ninth event is delivered twice')
  const story = newStory(1, { size: 'large' })
  const [first, second] = [await simulate(story, parts()), await simulate(story, parts())]
  assert.deepEqual(tell(second), tell(first))
  const small = await shrink(story, { parts, runsMax: 60 })
  assert.ok(small.violations.some(({ invariant }) => invariant === 'I6'))
  assert.ok(small.story.steps.length < story.steps.length / 3, tell(small).join('\n'))
})
