// What nodes tell each other of who is there: in few notes, and rightly in the end.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '@madang/fanout/testing'
import fc from 'fast-check'
import type { FrameHandler } from '../feed/frame-handlers.ts'
import type { Note } from '../feed/frame-kinds.ts'
import type { Notes } from '../feed/notes.ts'
import { communityTopic } from '../feed/topics.ts'
import { GATEWAY_BOUNDS } from './bounds.ts'
import { Presence } from './presence.ts'

const PLACE = 'c1'
const { presenceNoteIntervalMs, presenceNotePeopleMax } = GATEWAY_BOUNDS

/** Nodes whose notes reach the others at once, which have the topic, and themselves. */
function nodes(clock: FakeClock, count: number) {
  const heard: FrameHandler<'presence'>[] = []
  const said: Note[] = []
  const notes: Notes = {
    on: (kind, handler) =>
      void (kind === 'presence' && heard.push(handler as unknown as (typeof heard)[number])),
    onGap: () => {},
    hold: async () => {},
    release: () => {},
    publish(_, note) {
      said.push(note)
      if (note.kind === 'presence') {
        for (const handler of heard) handler(communityTopic(PLACE), note.body)
      }
      return true
    },
    stop: () => {},
  }
  const all = Array.from({ length: count }, (_, at) => {
    const presence = new Presence({
      ...{ clock, notes, node: `n${at}`, alive: () => {}, wire: { emitTo: () => {} } },
      limits: { presenceIntervalMs: 1_000, presencePeopleMax: 10_000 },
      bounds: GATEWAY_BOUNDS,
    })
    presence.start()
    return presence
  })
  return { all, said }
}

const person = (nth: number) => ({ id: `p${nth}`, name: `P${nth}` })
const seen = (node: Presence | undefined) =>
  node
    ?.whole(PLACE)
    .online.map(({ id }) => id)
    .sort()

test('a crowd that comes at once, and goes at once, is a few notes', async () => {
  const clock = new FakeClock()
  const { all, said } = nodes(clock, 2)
  const [here, there] = all
  there?.come(PLACE, person(0))
  const crowd = Array.from({ length: presenceNotePeopleMax + 100 }, (_, nth) => person(nth + 1))
  said.length = 0
  for (const each of crowd) here?.come(PLACE, each)
  await clock.run(presenceNoteIntervalMs)
  assert.equal(seen(there)?.length, crowd.length + 1)
  // The first comer and the question, the answer to it, and the rest in two parts.
  assert.equal(said.length, 4)
  said.length = 0
  for (const { id } of crowd.slice(1)) here?.go(PLACE, id)
  await clock.run(presenceNoteIntervalMs)
  assert.equal(seen(there)?.length, 2)
  assert.ok(said.length <= 3, `${said.length}`)
})

test('a node that stops says at once that its people are gone, also of those that it has not told of', () => {
  const clock = new FakeClock()
  const { all } = nodes(clock, 2)
  const [here, there] = all
  there?.come(PLACE, person(0))
  for (const nth of [1, 2, 3]) here?.come(PLACE, person(nth))
  here?.stop()
  assert.deepEqual(seen(there), ['p0'])
})

type Deed = {
  readonly node: number
  readonly who: number
  readonly comes: boolean
  readonly afterMs: number
}

const deed: fc.Arbitrary<Deed> = fc.record({
  node: fc.nat(1),
  who: fc.nat(3),
  comes: fc.boolean(),
  afterMs: fc.constantFrom(0, 0, 30, 100, 250),
})

test('whoever comes and goes, on whichever node: in the end all nodes know who is there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 40 }), async (deeds) => {
      const clock = new FakeClock()
      const { all } = nodes(clock, 2)
      const connections = new Map<string, number>()
      // Somebody stays on each, so that each listens all the time.
      for (const [at, node] of all.entries()) node.come(PLACE, person(10 + at))
      for (const { node, who, comes, afterMs } of deeds) {
        const key = `${node} ${who}`
        const count = connections.get(key) ?? 0
        if (comes) all[node]?.come(PLACE, person(who))
        else if (count > 0) all[node]?.go(PLACE, person(who).id)
        connections.set(key, Math.max(0, count + (comes ? 1 : -1)))
        await clock.run(afterMs)
      }
      await clock.run(presenceNoteIntervalMs)
      const there = [...connections].flatMap(([key, count]) =>
        count > 0 ? [`p${key.split(' ')[1]}`] : [],
      )
      const expected = [...new Set([...there, 'p10', 'p11'])].sort()
      for (const node of all) assert.deepEqual(seen(node), expected)
    }),
  )
})
