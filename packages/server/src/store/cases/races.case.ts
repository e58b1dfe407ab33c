/** What holds where several nodes work on one database at once: the suite for stores that can be shared. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Author, Id } from '@madang/protocol'
import type { AppendResult } from '../log.ts'
import type { StoreLimits } from '../sql-store.ts'
import { type Store, StoreError } from '../store.ts'
import { Ground, outcomeOf, seqOf } from '../testing/ground.ts'

export interface RaceCasesOptions {
  readonly name: string
  /** Why none of it can run here. */
  readonly missing?: string | false
  /** So many stores over one empty database, not yet started. */
  newStores(
    count: number,
    limits: Partial<StoreLimits>,
  ): Promise<{ readonly stores: readonly Store[]; remove(): Promise<void> }>
}

/** Two nodes: what stands in both is prepared on the first. */
interface Pair {
  readonly ground: Ground
  readonly one: Store
  readonly other: Store
}

const LIMITS = { channelsPerPersonMax: 3, communitiesPerPersonMax: 3, channelsPerCommunityMax: 6 }
const ROUNDS = 12

const isRefused = (code: string) => (error: unknown) =>
  error instanceof StoreError && error.code === code

/** How many came to pass; the others have to be refused with the code. */
async function passed(code: string, calls: readonly Promise<unknown>[]): Promise<number> {
  const settled = await Promise.allSettled(calls)
  for (const call of settled) {
    if (call.status === 'rejected') assert.ok(isRefused(code)(call.reason), String(call.reason))
  }
  return settled.filter(({ status }) => status === 'fulfilled').length
}

async function talk(ground: Ground, channels = 1) {
  const [ann, bob] = [await ground.person('ann'), await ground.person('bob')]
  const communityId = await ground.community(ann, bob)
  const ids: Id[] = []
  for (let n = 0; n < channels; n += 1) ids.push((await ground.channel(communityId, [ann, bob])).id)
  return { ann, bob, communityId, channelIds: ids, channelId: ids[0] ?? '' }
}

/** When each append was asked for and answered, by one count. */
interface Told {
  readonly channelId: Id
  readonly seq: number
  readonly asked: number
  readonly answered: number
}

/** An append that was answered before another was asked for has the smaller seq. */
function assertInOrder(told: readonly Told[]): void {
  for (const [channelId, ofChannel] of Map.groupBy(told, (one) => one.channelId)) {
    const byAnswer = ofChannel.toSorted((a, b) => a.answered - b.answered)
    for (const later of ofChannel) {
      const before = byAnswer.filter(({ answered }) => answered < later.asked)
      const highest = Math.max(0, ...before.map(({ seq }) => seq))
      assert.ok(highest < later.seq, `${channelId}: ${later.seq} after ${highest}`)
    }
  }
}

const cases: Readonly<Record<string, (pair: Pair) => Promise<void>>> = {
  async 'appends through both are dense, each there once, and in the order of their answers'({
    ground,
    one,
    other,
  }) {
    const { ann, bob, channelIds } = await talk(ground, 3)
    const told: Told[] = []
    let now = 0
    const sender = async (store: Store, author: Author, from: number) => {
      for (let n = 0; n < 20; n += 1) {
        // Each sender goes through the channels in an order of its own, and sometimes to all of them in one call.
        const order = channelIds.map((_, i) => channelIds[(from + n + i) % 3] ?? '')
        const batch = n % 4 === 0 ? order.toReversed() : order.slice(0, 1)
        const asked = ++now
        const results = await store.append(
          batch.map((channelId) => ground.message(channelId, author, `${from}.${n}`)),
        )
        const answered = ++now
        for (const [i, result] of results.entries())
          told.push({ channelId: batch[i] ?? '', seq: seqOf(result), asked, answered })
      }
    }
    const senders = [ann, bob].flatMap((author) =>
      [one, other].flatMap((store) => [0, 1, 2].map((from) => sender(store, author, from))),
    )
    await Promise.all(senders)
    for (const channelId of channelIds) {
      const log = await ground.log(channelId)
      const [head, count] = [log.at(-1)?.seq, told.filter((t) => t.channelId === channelId).length]
      assert.equal(head, count + 2)
      assert.equal((await other.heads([channelId])).get(channelId), head)
    }
    assertInOrder(told)
  },

  async 'what was answered by one is seen by the other at once'({ ground, one, other }) {
    const { ann, channelId } = await talk(ground)
    for (let n = 0; n < ROUNDS; n += 1) {
      const [writer, reader] = n % 2 === 0 ? [one, other] : [other, one]
      const [said] = await writer.append([ground.message(channelId, ann, `${n}`)])
      const [page] = await reader.eventsAfter([{ channelId, after: seqOf(said) - 1, limit: 9 }])
      assert.deepEqual([page?.head, page?.events.length], [seqOf(said), 1])
    }
  },

  async 'a retry at the other node gets the first answer, also at the same moment'({
    ground,
    one,
    other,
  }) {
    const { ann, channelIds } = await talk(ground, 2)
    const [here = '', there = ''] = channelIds
    for (let n = 0; n < ROUNDS; n += 1) {
      const say = (store: Store, channelId: Id) =>
        store.append([ground.message(channelId, ann, 'x', `once-${n}`)])
      const results = (await Promise.all([say(one, here), say(other, here)])).flat()
      assert.deepEqual(results.map(outcomeOf).toSorted(), ['appended', 'repeated'])
      const [first, second] = results.map((r) => (r.outcome === 'refused' ? null : r.event))
      assert.deepEqual([first?.id, first?.seq], [second?.id, second?.seq])
      const elsewhere = (store: Store, channelId: Id) =>
        store.append([ground.message(channelId, ann, 'x', `elsewhere-${n}`)])
      const both = (await Promise.all([elsewhere(one, here), elsewhere(other, there)])).flat()
      assert.deepEqual(both.map(outcomeOf).toSorted(), ['appended', 'conflict'])
    }
  },

  async 'who was kicked or barred at one node writes nothing at the other'({ ground, one, other }) {
    for (let n = 0; n < ROUNDS; n += 1) {
      const { ann, bob, communityId, channelId } = await talk(ground)
      const barred = { communityId, personId: bob.id, role: null, banned: true, at: 1 }
      const kick = ground.entry(channelId, ann, { kind: 'kicked', subject: bob }, 'moderator')
      let isOut = false
      const late: AppendResult[] = []
      const speak = async () => {
        for (let count = 0; count < 5; count += 1) {
          const askedOut = isOut
          const results = await other.append([ground.message(channelId, bob, 'racing')])
          if (askedOut) late.push(...results)
        }
      }
      const remove = async () => {
        if (n % 2 === 0) await one.append([kick])
        else await one.setCommunityMember(barred)
        isOut = true
      }
      await Promise.all([speak(), remove(), speak()])
      const [last] = await other.append([ground.message(channelId, bob, 'after')])
      for (const result of [...late, last])
        assert.equal(outcomeOf(result), n % 2 === 0 ? 'not_member' : 'banned')
      const log = await ground.log(channelId)
      const kicked = log.findIndex(({ kind }) => kind === 'kicked')
      if (kicked !== -1) assert.ok(log.slice(kicked).every(({ author }) => author.id !== bob.id))
    }
  },

  async 'a ban outlives a joining of the same moment'({ ground, one, other }) {
    const ann = await ground.person('ann')
    const communityId = await ground.community(ann)
    for (let n = 0; n < ROUNDS; n += 1) {
      const eve = await ground.person(`eve ${n}`)
      const change = { communityId, personId: eve.id, at: 1 }
      await passed('banned', [
        one.setCommunityMember({ ...change, role: null, banned: true }),
        other.setCommunityMember({ ...change, role: 'member', banned: false }),
      ])
      const standing = await one.communityStanding(communityId, eve.id)
      assert.deepEqual([standing?.banned, standing?.role], [true, null])
    }
  },

  async 'limits of people and of communities hold'({ ground, one, other }) {
    const ann = await ground.person('ann')
    const owners: Author[] = []
    for (let n = 0; n < 6; n += 1) owners.push(await ground.person(`owner ${n}`))
    const homes: Id[] = []
    for (const owner of owners) homes.push(await ground.community(owner))
    const at = (n: number): Store => (n % 2 === 0 ? one : other)
    const joins = homes.map((communityId, n) =>
      at(n).setCommunityMember({
        ...{ communityId, personId: ann.id, role: 'member', banned: false, at: 1 },
      }),
    )
    assert.equal(await passed('limit_reached', joins), LIMITS.communitiesPerPersonMax)
    const joined = (await one.communities(ann.id, 100)).filter(({ role }) => role !== null)
    const home = joined[0]?.id ?? ''
    const owner = owners[homes.indexOf(home)] ?? ann
    const makes = Array.from({ length: 10 }, (_, n) =>
      new Ground(at(n), ground.ids).channel(home, [n % 2 === 0 ? ann : owner]),
    )
    const made = await passed('limit_reached', makes)
    assert.equal(made, LIMITS.channelsPerCommunityMax, 'three of each person, six of the community')
  },

  async 'nobody joins more channels than may be'({ ground, one, other }) {
    const { communityId } = await talk(ground)
    const eve = await ground.person('eve')
    await ground.enroll(communityId, eve, 'member')
    const channelIds: Id[] = []
    for (let n = 0; n < 5; n += 1) {
      const owner = await ground.person(`owner ${n}`)
      await ground.enroll(communityId, owner, 'member')
      channelIds.push((await ground.channel(communityId, [owner])).id)
    }
    const join = { kind: 'joined', subject: eve, role: 'member' } as const
    const results = await Promise.all(
      channelIds.map((id, n) =>
        (n % 2 === 0 ? one : other).append([ground.entry(id, eve, join, 'community')]),
      ),
    )
    const joined = results.flat().filter(({ outcome }) => outcome === 'appended').length
    assert.equal(joined, LIMITS.channelsPerPersonMax)
  },

  async 'two who open one direct channel get one'({ ground, one, other }) {
    const { ann, bob, communityId } = await talk(ground)
    const open = (store: Store) =>
      new Ground(store, ground.ids).channel(communityId, [ann, bob], {
        ...{ kind: 'direct', visibility: 'private', name: '', key: 'ann bob' },
      })
    const [first, second] = await Promise.all([open(one), open(other), open(one), open(other)])
    assert.equal(first?.id, second?.id)
    assert.equal((await ground.log(first?.id ?? '')).length, 2)
  },

  async 'cursors move at both nodes while people write, in whatever order'({ ground, one, other }) {
    const { ann, bob, channelIds } = await talk(ground, 3)
    const moves = [ann, bob].flatMap(({ id: personId }) =>
      channelIds.map((channelId) => ({ personId, channelId, seq: 1_000 })),
    )
    const work = async (store: Store, author: Author, isBackwards: boolean) => {
      for (let n = 0; n < ROUNDS; n += 1) {
        const order = isBackwards ? channelIds.toReversed() : channelIds
        await Promise.all([
          store.append(order.map((channelId) => ground.message(channelId, author, `${n}`))),
          store.moveCursors(isBackwards ? moves.toReversed() : moves),
        ])
      }
    }
    await Promise.all([
      work(one, ann, false),
      work(other, ann, true),
      work(one, bob, true),
      work(other, bob, false),
    ])
    const heads = await one.heads(channelIds)
    for (const place of await other.moveCursors(moves)) assert.equal(place.unread, 0)
    for (const id of channelIds) assert.equal(heads.get(id), 2 + 4 * ROUNDS)
  },

  async 'a new name is in every list, also where the person joins meanwhile'({
    ground,
    one,
    other,
  }) {
    const ann = await ground.person('ann')
    const communityId = await ground.community(ann)
    for (let n = 0; n < ROUNDS; n += 1) {
      const id = ground.ids.next()
      const bob = { id, name: 'bob', kind: 'account', createdAt: 1, externalId: `x ${id}` } as const
      await one.adoptPerson(bob)
      await Promise.all([
        one.adoptPerson({ ...bob, name: 'robert' }),
        other.setCommunityMember({
          ...{ communityId, personId: id, role: 'member', banned: false, at: 1 },
        }),
      ])
      const { members } = await one.communityMembers(communityId, { limit: 100 })
      assert.equal(members.find(({ person }) => person.id === id)?.person.name, 'robert')
    }
  },
}

/** Registers the suite, each case with a database of its own. */
export function raceCases({ name, newStores, missing = false }: RaceCasesOptions): void {
  describe(`${name} is shared by several nodes`, { skip: missing }, () => {
    for (const [title, run] of Object.entries(cases)) {
      test(title, async () => {
        const { stores, remove } = await newStores(2, LIMITS)
        const [one, other] = stores
        if (!one || !other) throw new Error('two stores are needed')
        try {
          for (const store of stores) await store.start()
          await run({ ground: new Ground(one), one, other })
        } finally {
          await Promise.all(stores.map((store) => store.stop()))
          await remove()
        }
      })
    }

    test('five that start at once on an empty database all serve', async () => {
      const { stores, remove } = await newStores(5, {})
      try {
        await Promise.all(stores.map((store) => store.start()))
        await Promise.all(stores.map((store) => store.ping()))
      } finally {
        await Promise.all(stores.map((store) => store.stop()))
        await remove()
      }
    })
  })
}
