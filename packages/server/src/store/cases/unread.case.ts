/** Unread counts against a model that counts by hand. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Cases, Ground } from '../testing/ground.ts'

interface Written {
  readonly seq: number
  readonly author: number
  deleted: boolean
}

const person = fc.nat({ max: 2 })
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('say' as const), person }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('delete' as const), person, which: fc.nat() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('read' as const), person, which: fc.nat() }),
  },
)

let runs = 0

export const unreadCases: Cases = {
  async 'unread counts are exact, whatever is written, deleted and read'(shared) {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const ground = new Ground(shared.store)
        // Every run has people and places of its own in the one store.
        runs += 1
        for (let used = 0; used < runs * 500; used += 1) ground.ids.next()
        const people = [
          await ground.person('a'),
          await ground.person('b'),
          await ground.person('c'),
        ]
        const [ann, bob, cat] = people as [
          (typeof people)[0],
          (typeof people)[0],
          (typeof people)[0],
        ]
        const { id } = await ground.channel(await ground.community(ann, bob, cat), [ann, bob, cat])
        const written: Written[] = []
        const cursors = [1, 2, 3]
        for (const one of steps) {
          const by = people[one.person] ?? ann
          if (one.do === 'say') {
            const seq = await ground.say(id, by, 'x')
            written.push({ seq, author: one.person, deleted: false })
            cursors[one.person] = seq
          } else if (one.do === 'delete') {
            const target = written[one.which % Math.max(1, written.length)]
            if (target === undefined || target.deleted) continue
            await ground.append(id, ann, { kind: 'deleted', target: target.seq }, 'moderator')
            target.deleted = true
          } else {
            const seq = written[one.which % Math.max(1, written.length)]?.seq ?? 0
            cursors[one.person] = Math.max(cursors[one.person] ?? 0, seq)
            await ground.store.moveCursors([{ personId: by.id, channelId: id, seq }])
          }
        }
        const found = await ground.store.belongings(people.map((one) => one.id))
        for (const [index, belongings] of found.entries()) {
          const cursor = cursors[index] ?? 0
          const unread = written.filter(
            (one) => one.seq > cursor && one.author !== index && !one.deleted,
          ).length
          const channel = belongings.channels[0]
          assert.deepEqual([channel?.cursor, channel?.unread], [cursor, unread])
          assert.equal(channel?.messages, written.filter((one) => !one.deleted).length)
        }
      }),
      { numRuns: 40 },
    )
  },
}
