/** What every store that keeps counts does with them; also of those that keep nothing else. */
import assert from 'node:assert/strict'
import type { StatRow, StatsRequest, StatsStore } from '../stats.ts'
import type { Cases } from '../testing/ground.ts'

const hour = 3_600_000
const day0 = 1_750_003_200_000

const row = (at: number, node: string, name: string, value: number): StatRow => ({
  at: day0 + at,
  node,
  name,
  value,
})

const request = (given: Partial<StatsRequest> = {}): StatsRequest => ({
  ...{ from: day0, to: day0 + 24 * hour, stepMs: hour, as: 'sum', names: [''], limit: 1_000 },
  ...given,
})

type StatsCases = Readonly<Record<string, (store: StatsStore) => Promise<void>>>

export const statsOnly: StatsCases = {
  async 'counts of all nodes are added up, and the same count written again is the same'(store) {
    const rows = [row(0, 'a', 'messages.text', 3), row(0, 'b', 'messages.text', 4)]
    for (let times = 0; times < 3; times += 1) await store.writeStats(rows, 0)
    await store.writeStats([row(0, 'a', 'messages.text', 5)], 0)
    await store.writeStats([row(hour, 'a', 'messages.live', 1)], 0)
    assert.deepEqual(await store.stats(request()), [
      row(0, '', 'messages.text', 9),
      row(hour, '', 'messages.live', 1),
    ])
    await store.writeStats([], 0)
  },

  async 'samples are the averages of each node over the step that is asked for'(store) {
    const rows = [1, 2, 3].map((n) => row((n - 1) * 300_000, 'a', 'cpu', n))
    await store.writeStats([...rows, row(0, 'b', 'cpu', 0.5)], 0)
    assert.deepEqual(await store.stats(request({ as: 'average' })), [
      row(0, 'a', 'cpu', 2),
      row(0, 'b', 'cpu', 0.5),
    ])
    const fine = await store.stats(request({ as: 'average', stepMs: 300_000 }))
    assert.deepEqual(
      fine.map(({ at, value }) => [at - day0, value]),
      [
        [0, 1],
        [0, 0.5],
        [300_000, 2],
        [600_000, 3],
      ],
    )
  },

  async 'only what is asked for is answered: times, names, the latest of too many'(store) {
    const rows = [0, 1, 2, 3].map((n) => row(n * hour, 'a', 'messages.text', n))
    await store.writeStats([...rows, row(0, 'a', 'cpu', 1)], 0)
    const at = async (given: Partial<StatsRequest>) =>
      (await store.stats(request({ names: ['messages.'], ...given }))).map((each) => each.value)
    assert.deepEqual(await at({}), [0, 1, 2, 3])
    assert.deepEqual(await at({ from: day0 + hour, to: day0 + 3 * hour }), [1, 2])
    assert.deepEqual(await at({ limit: 2 }), [2, 3])
    assert.deepEqual(await at({ names: ['cp'] }), [1])
  },

  async 'what is old is forgotten with the next write'(store) {
    await store.writeStats([row(0, 'a', 'cpu', 1), row(48 * hour, 'a', 'cpu', 2)], 0)
    await store.writeStats([row(49 * hour, 'a', 'cpu', 3)], day0 + 48 * hour)
    const all = await store.stats(request({ to: day0 + 100 * hour }))
    assert.deepEqual(
      all.map(({ value }) => value),
      [2, 3],
    )
  },
}

export const statsCases: Cases = Object.fromEntries(
  Object.entries(statsOnly).map(([name, run]) => [name, ({ store }) => run(store)]),
)
