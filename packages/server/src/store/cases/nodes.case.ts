/** What every store knows of the nodes that serve from it. */
import assert from 'node:assert/strict'
import type { Cases } from '../testing/ground.ts'

const node = (id: string, seenAt: number, secret = `secret of ${id}`) => ({
  id,
  address: `10.0.0.1:${seenAt}`,
  secret,
  seenAt,
})

export const nodeCases: Cases = {
  async 'a node that says that it runs is known, and by its latest words'({ store }) {
    assert.deepEqual(await store.nodes(), [])
    await store.announceNode(node('b', 1_000), 0)
    await store.announceNode(node('a', 2_000), 0)
    assert.deepEqual(await store.nodes(), [node('a', 2_000), node('b', 1_000)])
    await store.announceNode(node('b', 1_750_000_000_000, 'another'), 0)
    assert.deepEqual(await store.nodes(), [
      node('a', 2_000),
      node('b', 1_750_000_000_000, 'another'),
    ])
  },

  async 'who speaks forgets those that are silent, and never itself'({ store }) {
    for (const [id, seenAt] of [
      ['a', 100],
      ['b', 200],
      ['c', 300],
    ] as const) {
      await store.announceNode(node(id, seenAt), 0)
    }
    await store.announceNode(node('d', 150), 300)
    assert.deepEqual(
      (await store.nodes()).map(({ id }) => id),
      ['c', 'd'],
    )
  },

  async 'a node that stops is forgotten, but not whoever took over its name'({ store }) {
    await store.announceNode(node('a', 1, 'first'), 0)
    await store.announceNode(node('a', 2, 'second'), 0)
    await store.forgetNode('a', 'first')
    assert.equal((await store.nodes()).length, 1)
    await store.forgetNode('a', 'second')
    await store.forgetNode('a', 'second')
    assert.deepEqual(await store.nodes(), [])
  },

  async 'many that start at once are all known'({ store }) {
    const all = Array.from({ length: 40 }, (_, at) => node(`n${String(at).padStart(2, '0')}`, at))
    await Promise.all(all.map((each) => store.announceNode(each, 0)))
    assert.deepEqual(await store.nodes(), all)
  },
}
