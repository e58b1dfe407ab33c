/** What every store knows of places and people: belongings, cursors, members, sessions. */
import assert from 'node:assert/strict'
import { LIMITS } from '@madang/protocol'
import type { BansPage, MembersRequest } from '../places.ts'
import { type Cases, outcomeOf } from '../testing/ground.ts'

export const placeCases: Cases = {
  async 'a new member starts at their joining, and has read what they write'(ground) {
    const [ann, bob] = [await ground.person('ann'), await ground.person('bob')]
    const communityId = await ground.community(ann, bob)
    const { id } = await ground.channel(communityId, [ann])
    for (const text of ['1', '2', '3']) await ground.say(id, ann, text)
    await ground.append(id, bob, { kind: 'joined', subject: bob, role: 'member' }, 'community')
    const place = async () => {
      const channel = await ground.store.myChannel(id, bob.id)
      return [channel?.role, channel?.cursor, channel?.unread, channel?.head, channel?.messages]
    }
    assert.deepEqual(await place(), ['member', 5, 0, 5, 3])
    await ground.say(id, ann, '4')
    assert.deepEqual(await place(), ['member', 5, 1, 6, 4])
    await ground.say(id, bob, 'mine')
    assert.deepEqual(await place(), ['member', 7, 0, 7, 5])
  },

  async 'cursors go forward only, and never past the head'(ground) {
    const [ann, bob] = [await ground.person('ann'), await ground.person('bob')]
    const { id } = await ground.channel(await ground.community(ann, bob), [ann, bob])
    for (let n = 0; n < 5; n += 1) await ground.say(id, ann, `${n}`)
    const move = async (seq: number) =>
      (await ground.store.moveCursors([{ personId: bob.id, channelId: id, seq }]))[0]
    assert.deepEqual(await move(4), { cursor: 4, unread: 3 })
    assert.deepEqual(await move(3), { cursor: 4, unread: 3 })
    assert.deepEqual(await move(1_000_000), { cursor: 7, unread: 0 })
    assert.deepEqual(await ground.store.moveCursors([]), [])
  },

  async 'belongings are the memberships of each person, and what they may watch'(ground) {
    const [ann, bob, eve] = [
      await ground.person('ann'),
      await ground.person('bob'),
      await ground.person('eve'),
    ]
    const communityId = await ground.community(ann, bob)
    const talk = await ground.channel(communityId, [ann, bob], { name: 'a talk' })
    await ground.channel(communityId, [ann], { name: 'not mine' })
    const show = await ground.channel(communityId, [ann], { name: 'b show', kind: 'live' })
    const direct = await ground.channel(communityId, [ann, bob], {
      name: '',
      kind: 'direct',
      visibility: 'private',
      key: 'ab',
    })
    await ground.say(talk.id, ann, 'unread by bob')
    const [bobs, eves, anns] = await ground.store.belongings([bob.id, eve.id, ann.id])
    assert.deepEqual(
      bobs?.communities.map(({ id, role }) => [id, role]),
      [[communityId, 'member']],
    )
    assert.deepEqual(
      bobs?.channels.map(({ id, role, unread }) => [id, role, unread]),
      [
        [direct.id, 'member', 0],
        [talk.id, 'member', 1],
        [show.id, null, 0],
      ],
    )
    assert.deepEqual(bobs?.channels[0]?.peers, [ann])
    assert.deepEqual([eves?.communities, eves?.channels], [[], []])
    assert.equal(anns?.channels.length, 4)
    assert.deepEqual(await ground.store.belongings([]), [])
  },

  async 'a community lists its channels to each as they may see them'(ground) {
    const [ann, bob] = [await ground.person('ann'), await ground.person('bob')]
    const communityId = await ground.community(ann, bob)
    for (const name of ['zebra', 'apple']) await ground.channel(communityId, [ann], { name })
    await ground.channel(communityId, [ann], { name: 'hidden', visibility: 'private' })
    const names = async (personId: string) =>
      (await ground.store.channels(communityId, personId)).map(({ name }) => name)
    assert.deepEqual(await names(bob.id), ['apple', 'zebra'])
    assert.deepEqual(await names(ann.id), ['apple', 'hidden', 'zebra'])
  },

  async 'two who open the same direct channel at once get one'(ground) {
    const [ann, bob] = [await ground.person('ann'), await ground.person('bob')]
    const communityId = await ground.community(ann, bob)
    const what = { kind: 'direct', visibility: 'private', name: '', key: 'ann bob' } as const
    const [one, other] = await Promise.all([
      ground.channel(communityId, [ann, bob], what),
      ground.channel(communityId, [bob, ann], what),
    ])
    assert.equal(one.id, other.id)
    assert.equal((await ground.store.channelByKey(communityId, what.key))?.id, one.id)
    assert.equal((await ground.log(one.id)).length, 2)
    assert.equal(await ground.store.channelByKey(communityId, 'nobody'), null)
  },

  async 'whoever may make fewer channels than others is refused where there are so many, those that they do not see among them'(
    ground,
  ) {
    const [ann, bob] = [await ground.person('ann'), await ground.person('bob')]
    const communityId = await ground.community(ann, bob)
    await ground.channel(communityId, [ann], { visibility: 'private' })
    await ground.channel(communityId, [ann, bob], { kind: 'direct', visibility: 'private' })
    await ground.channel(communityId, [bob], { channelsMax: 2 })
    await assert.rejects(ground.channel(communityId, [bob], { channelsMax: 2 }), {
      code: 'limit_reached',
    })
    await ground.channel(communityId, [ann])
  },

  async 'public communities are to be found, others are not'(ground) {
    const [ann, bob] = [await ground.person('ann'), await ground.person('bob')]
    const mine = await ground.community(ann)
    const banned = await ground.community(ann)
    const hidden = ground.ids.next()
    await ground.store.createCommunity({
      id: hidden,
      name: 'Hidden',
      visibility: 'private',
      createdAt: 1,
      owner: ann,
    })
    await ground.enroll(banned, bob, null, true)
    const found = await ground.store.communities(bob.id, 100)
    assert.deepEqual(
      found.map(({ id, role }) => [id, role]),
      [[mine, null]],
    )
    assert.equal((await ground.store.communities(ann.id, 100)).length, 3)
    const standing = await ground.store.communityStanding(banned, bob.id)
    assert.deepEqual([standing?.role, standing?.banned], [null, true])
    assert.equal(await ground.store.communityStanding(ground.ids.next(), bob.id), null)
  },

  async 'members are listed by name in pages, each once'(ground) {
    const owner = await ground.person('m')
    const others = []
    for (const name of ['c', 'a', 'b', 'a', '김', 'Z']) others.push(await ground.person(name))
    const communityId = await ground.community(owner, ...others)
    const { id } = await ground.channel(communityId, [owner, ...others])
    const lists = [
      (page: MembersRequest) => ground.store.channelMembers(id, page),
      (page: MembersRequest) => ground.store.communityMembers(communityId, page),
    ]
    for (const list of lists) {
      const names: string[] = []
      let after: string | undefined
      do {
        const page = await list({ limit: 2, ...(after === undefined ? {} : { after }) })
        names.push(...page.members.map(({ person }) => person.name))
        after = page.next
      } while (after !== undefined)
      assert.deepEqual(names, ['Z', 'a', 'a', 'b', 'c', 'm', '김'])
    }
  },

  async 'the banned are listed by name in pages until the ban is lifted, apart from the members'(
    ground,
  ) {
    const owner = await ground.person('owner')
    const others = []
    for (const name of ['b', 'a', 'a', 'c']) others.push(await ground.person(name))
    const gone = await ground.person('gone')
    const communityId = await ground.community(owner, ...others, gone)
    const { id } = await ground.channel(communityId, [owner, ...others, gone])
    const [first] = others
    if (!first) throw new Error('nobody to ban')
    await ground.append(id, gone, { kind: 'left', subject: gone }, 'nothing')
    for (const subject of others) await ground.append(id, owner, { kind: 'banned', subject })
    const inChannel = (page: MembersRequest) => ground.store.channelBans(id, page)
    const inCommunity = (page: MembersRequest) => ground.store.communityBans(communityId, page)
    assert.deepEqual(await bansOf(inChannel), ['a', 'a', 'b', 'c'])
    assert.deepEqual(await bansOf(inCommunity), [], 'a ban of the channel is not the community’s')
    assert.equal((await ground.store.channelMembers(id, { limit: 9 })).members.length, 1)

    for (const subject of others) await ground.enroll(communityId, subject, null, true)
    assert.deepEqual(await bansOf(inCommunity), ['a', 'a', 'b', 'c'])
    await ground.append(id, owner, { kind: 'unbanned', subject: first })
    await ground.enroll(communityId, first, null)
    assert.deepEqual(await bansOf(inChannel), ['a', 'a', 'c'])
    assert.deepEqual(await bansOf(inCommunity), ['a', 'a', 'c'])
    const [kept] = (await inChannel({ limit: 1 })).banned
    assert.deepEqual(kept && [kept.name, kept.kind], ['a', 'account'])
  },

  async 'nobody is in more channels than may be'(ground) {
    const [ann, cat, bob] = [
      await ground.person('ann'),
      await ground.person('cat'),
      await ground.person('bob'),
    ]
    const communityId = await ground.community(ann, bob, cat)
    const join = { kind: 'joined', subject: bob, role: 'member' } as const
    const outcomes: string[] = []
    while (outcomes.length < LIMITS.channelsPerPersonMax + 2) {
      // Each of them owns the half of the channels, which is as many as may be.
      const made = await Promise.all(
        [ann, cat].map((owner) => ground.channel(communityId, [owner])),
      )
      const joins = made.map(({ id }) => ground.entry(id, bob, join, 'community'))
      outcomes.push(...(await ground.store.append(joins)).map(outcomeOf))
    }
    assert.equal(outcomes.indexOf('limit_reached'), LIMITS.channelsPerPersonMax)
  },

  async 'a login and an external id belong to one person'(ground) {
    const person = (name: string) => ({
      id: ground.ids.next(),
      name,
      kind: 'account' as const,
      createdAt: 1,
    })
    const credentials = { login: 'ann', passwordHash: 'hash' }
    const ann = { ...person('Ann'), ...credentials }
    assert.equal(await ground.store.createPerson(ann), true)
    assert.equal(await ground.store.createPerson({ ...person('Other'), ...credentials }), false)
    assert.deepEqual(await ground.store.credentials('ann'), {
      person: { id: ann.id, name: 'Ann', kind: 'account' },
      passwordHash: 'hash',
    })
    assert.equal(await ground.store.credentials('nobody'), null)
    const adopt = (name: string) =>
      ground.store.adoptPerson({ ...person(name), externalId: 'https://id bob' })
    const [one, two] = await Promise.all([adopt('Bob'), adopt('Bob')])
    assert.equal(one.id, two.id)
    assert.equal((await adopt('Robert')).name, 'Robert')
    assert.equal((await ground.store.person(one.id))?.name, 'Robert')
    assert.equal(await ground.store.person(ground.ids.next()), null)
  },

  async 'a session is found until it expires or is deleted'(ground) {
    const ann = await ground.person('ann')
    const session = (id: string, expiresAt: number) => ({
      id,
      personId: ann.id,
      createdAt: 10,
      expiresAt,
    })
    await ground.store.createSession(session('one', 100))
    await ground.store.createSession(session('two', 50))
    assert.equal((await ground.store.session('one', 99))?.person.id, ann.id)
    assert.deepEqual((await ground.store.session('one', 99))?.session, session('one', 100))
    assert.equal(await ground.store.session('two', 50), null)
    assert.equal(await ground.store.deleteSession('one'), true)
    assert.equal(await ground.store.deleteSession('one'), false)
    assert.equal(await ground.store.session('one', 20), null)
  },
}

async function bansOf(list: (page: MembersRequest) => Promise<BansPage>): Promise<string[]> {
  const names: string[] = []
  let after: string | undefined
  do {
    const page = await list({ limit: 3, ...(after === undefined ? {} : { after }) })
    names.push(...page.banned.map(({ name }) => name))
    after = page.next
  } while (after !== undefined)
  return names
}
