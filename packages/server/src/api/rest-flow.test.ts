import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Id } from '@madang/protocol'
import { createRestClient, type RestClient, RestRefusal } from '../testing/rest-client.ts'
import { type StartedServer, startServer } from '../testing/start-server.ts'

interface Somebody {
  readonly rest: RestClient
  readonly id: Id
  readonly name: string
}

const refused = (status: number, code: string) => (error: unknown) => {
  assert.ok(error instanceof RestRefusal, String(error))
  assert.deepEqual([error.status, error.body.code], [status, code])
  return true
}

const named = ({ banned }: { readonly banned: readonly { readonly name: string }[] }) =>
  banned.map(({ name }) => name)

describe('the HTTP API, from the door to the store', () => {
  let server: StartedServer
  let stranger: RestClient

  before(async () => {
    server = await startServer()
    stranger = createRestClient(server.url)
  })
  after(() => server.stop())

  async function guest(name: string): Promise<Somebody> {
    const { person, session } = await stranger.call('createGuest', { body: { name } })
    return { rest: stranger.as(session.token), id: person.id, name }
  }

  async function community(owner: Somebody): Promise<{ communityId: Id; channelId: Id }> {
    const made = await owner.rest.call('createCommunity', { body: { name: `${owner.name}'s` } })
    return { communityId: made.community.id, channelId: made.channels[0]?.id ?? assert.fail() }
  }

  const say = (who: Somebody, channelId: Id, text: string, clientId = text.replaceAll(' ', '-')) =>
    who.rest.call('createMessage', { params: { channelId }, body: { clientId, text } })

  const texts = async (who: Somebody, channelId: Id, query = {}) => {
    const page = await who.rest.call('listMessages', { params: { channelId }, query })
    return page.events.flatMap((event) => (event.kind === 'created' ? [event.text] : []))
  }

  it('lets a guest in, who is in the welcome community at once', async () => {
    const ann = await guest('Ann')
    assert.equal((await ann.rest.call('getSession')).person.name, 'Ann')
    const { communities } = await ann.rest.call('listCommunities')
    assert.deepEqual(
      communities.map(({ name, role }) => [name, role]),
      [['Madang', 'member']],
    )
    const { channels } = await ann.rest.call('listUnread')
    assert.equal(channels.length, 1)
  })

  it('keeps what was said, in order, page by page', async () => {
    const ann = await guest('Ann')
    const { channelId } = await community(ann)
    for (const text of ['one', 'two', 'three', 'four']) await say(ann, channelId, text)
    assert.deepEqual(await texts(ann, channelId), ['one', 'two', 'three', 'four'])
    const latest = await ann.rest.call('listMessages', {
      params: { channelId },
      query: { limit: 2 },
    })
    assert.equal(latest.more, true)
    const before = latest.events[0]?.seq ?? 0
    assert.deepEqual(await texts(ann, channelId, { before, limit: 2 }), ['one', 'two'])
    const { events, head } = await ann.rest.call('listEvents', {
      params: { channelId },
      query: { after: 0 },
    })
    assert.deepEqual(
      events.map(({ seq }) => seq),
      Array.from({ length: head }, (_, index) => index + 1),
    )
  })

  it('stores a retried message once, and gives the first answer again', async () => {
    const ann = await guest('Ann')
    const { channelId } = await community(ann)
    const first = await say(ann, channelId, 'hello', 'c-1')
    const second = await say(ann, channelId, 'hello', 'c-1')
    assert.deepEqual(second, { ...first, duplicate: true })
    assert.deepEqual(await texts(ann, channelId), ['hello'])
  })

  it('shows an edit, and nothing of what was deleted', async () => {
    const ann = await guest('Ann')
    const { channelId } = await community(ann)
    const { seq } = await say(ann, channelId, 'helo', 'c-1')
    await ann.rest.call('updateMessage', { params: { channelId, seq }, body: { text: 'hello' } })
    assert.deepEqual(await texts(ann, channelId), ['hello'])
    await ann.rest.call('deleteMessage', { params: { channelId, seq } })
    assert.deepEqual(await texts(ann, channelId), [null])
    const log = await ann.rest.raw('listEvents', { params: { channelId }, query: { after: 0 } })
    assert.doesNotMatch(await log.text(), /hel?lo/)
    await assert.rejects(
      ann.rest.call('updateMessage', { params: { channelId, seq }, body: { text: 'again' } }),
      refused(410, 'message_deleted'),
    )
  })

  it('counts unread, and the cursor goes forward only', async () => {
    const [ann, bob] = [await guest('Ann'), await guest('Bob')]
    const { communityId, channelId } = await community(ann)
    await bob.rest.call('setCommunityMember', { params: { communityId, personId: bob.id } })
    const { seq } = await say(ann, channelId, 'one')
    await say(ann, channelId, 'two')
    const unread = async () => {
      const { channels } = await bob.rest.call('listUnread')
      return channels.find((channel) => channel.channelId === channelId)?.unread
    }
    assert.equal(await unread(), 2)
    const params = { channelId }
    assert.deepEqual(await bob.rest.call('setCursor', { params, body: { cursor: seq } }), {
      cursor: seq,
      unread: 1,
    })
    await bob.rest.call('setCursor', { params, body: { cursor: seq - 1 } })
    assert.equal(await unread(), 1)
  })

  it('makes channels, renames them, and opens one direct channel between two', async () => {
    const [ann, bob] = [await guest('Ann'), await guest('Bob')]
    const { communityId } = await community(ann)
    await bob.rest.call('setCommunityMember', { params: { communityId, personId: bob.id } })
    const { channel } = await ann.rest.call('createChannel', {
      params: { communityId },
      body: { kind: 'text', name: 'tea', topic: 'green' },
    })
    assert.deepEqual([channel.role, channel.name, channel.topic], ['owner', 'tea', 'green'])
    const params = { channelId: channel.id }
    const renamed = await ann.rest.call('updateChannel', { params, body: { topic: 'black' } })
    assert.deepEqual([renamed.channel.name, renamed.channel.topic], ['tea', 'black'])
    const { channels } = await bob.rest.call('listChannels', { params: { communityId } })
    assert.deepEqual(channels.map(({ name }) => name).toSorted(), ['general', 'tea'])
    const toBob = { communityId, personId: bob.id }
    const first = await ann.rest.call('openDirect', { params: toBob })
    const second = await bob.rest.call('openDirect', { params: { communityId, personId: ann.id } })
    assert.equal(second.channel.id, first.channel.id)
  })

  it('keeps a kicked member out until they come back, and a banned one for good', async () => {
    const [ann, bob] = [await guest('Ann'), await guest('Bob')]
    const { communityId, channelId } = await community(ann)
    await bob.rest.call('setCommunityMember', { params: { communityId, personId: bob.id } })
    const { channel } = await ann.rest.call('createChannel', {
      params: { communityId },
      body: { kind: 'text', name: 'tea' },
    })
    const place = { channelId: channel.id, personId: bob.id }
    await bob.rest.call('setChannelMember', { params: place })
    await say(bob, channel.id, 'hi')
    await ann.rest.call('deleteChannelMember', { params: place, query: { reason: 'noise' } })
    await assert.rejects(say(bob, channel.id, 'again'), refused(403, 'not_member'))
    await bob.rest.call('setChannelMember', { params: place })
    await say(bob, channel.id, 'back')
    await ann.rest.call('banFromChannel', { params: place, body: { reason: 'more noise' } })
    await assert.rejects(say(bob, channel.id, 'still'), refused(403, 'banned'))
    await assert.rejects(
      bob.rest.call('setChannelMember', { params: place }),
      refused(403, 'banned'),
    )
    const log = await ann.rest.call('listEvents', {
      params: { channelId: channel.id },
      query: { after: 0 },
    })
    assert.deepEqual(
      log.events.map(({ kind }) => kind),
      ['joined', 'joined', 'created', 'kicked', 'joined', 'created', 'banned'],
    )
    const inChannel = { params: { channelId: channel.id } }
    await assert.rejects(bob.rest.call('listChannelBans', inChannel), refused(403, 'banned'))
    assert.deepEqual(named(await ann.rest.call('listChannelBans', inChannel)), ['Bob'])
    const { standing } = await ann.rest.call('getChannelMember', { params: place })
    assert.deepEqual(
      [standing.person.name, standing.role, standing.banned, standing.communityRole],
      ['Bob', null, true, 'member'],
    )
    await ann.rest.call('unbanFromChannel', { params: place })
    assert.deepEqual(named(await ann.rest.call('listChannelBans', inChannel)), [])
    await bob.rest.call('setChannelMember', { params: place })
    await ann.rest.call('banFromCommunity', {
      params: { communityId, personId: bob.id },
      body: {},
    })
    await assert.rejects(say(bob, channelId, 'hi'), (error) => error instanceof RestRefusal)
    await assert.rejects(
      bob.rest.call('setCommunityMember', { params: { communityId, personId: bob.id } }),
      (error) => error instanceof RestRefusal && error.body.code === 'banned',
    )
    const inCommunity = { params: { communityId } }
    assert.deepEqual(named(await ann.rest.call('listCommunityBans', inCommunity)), ['Bob'])
    await ann.rest.call('unbanFromCommunity', { params: { communityId, personId: bob.id } })
    assert.deepEqual(named(await ann.rest.call('listCommunityBans', inCommunity)), [])
    await bob.rest.call('setCommunityMember', { params: { communityId, personId: bob.id } })
  })

  it('lists members in pages, and sets roles', async () => {
    const ann = await guest('Ann')
    const { communityId, channelId } = await community(ann)
    for (const name of ['Bob', 'Cem', 'Dee']) {
      const other = await guest(name)
      await other.rest.call('setCommunityMember', { params: { communityId, personId: other.id } })
    }
    const first = await ann.rest.call('listCommunityMembers', {
      params: { communityId },
      query: { limit: 3 },
    })
    const rest = await ann.rest.call('listCommunityMembers', {
      params: { communityId },
      query: { limit: 3, after: first.next ?? assert.fail() },
    })
    const names = [...first.members, ...rest.members].map(({ person }) => person.name)
    assert.deepEqual(names, ['Ann', 'Bob', 'Cem', 'Dee'])
    assert.equal(rest.next, undefined)
    const bob = first.members[1]?.person ?? assert.fail()
    const place = { channelId, personId: bob.id }
    await ann.rest.call('setChannelMember', { params: place, body: { role: 'moderator' } })
    const members = await ann.rest.call('listChannelMembers', { params: { channelId } })
    assert.equal(members.members.find(({ person }) => person.id === bob.id)?.role, 'moderator')
  })

  it('moves a question of a live channel on', async () => {
    const ann = await guest('Ann')
    const { communityId } = await community(ann)
    const { channel } = await ann.rest.call('createChannel', {
      params: { communityId },
      body: { kind: 'live', name: 'stage' },
    })
    const params = { channelId: channel.id }
    const { seq } = await ann.rest.call('createMessage', {
      params,
      body: { clientId: 'q', text: 'Why?', lane: 'question' },
    })
    await ann.rest.call('setQuestion', { params: { ...params, seq }, body: { state: 'picked' } })
    const { events } = await ann.rest.call('listMessages', { params })
    const question = events.find((event) => event.kind === 'created')
    assert.equal(question?.kind === 'created' && question.question, 'picked')
  })

  it('signs in with a password, and out for good', async () => {
    const account = { login: 'ann', password: 'correct horse battery', name: 'Ann' }
    await stranger.call('createAccount', { body: account })
    await assert.rejects(
      stranger.call('createAccount', { body: account }),
      refused(409, 'conflict'),
    )
    const credentials = { login: 'ann', password: account.password }
    const { session } = await stranger.call('createSession', { body: credentials })
    const ann = stranger.as(session.token)
    assert.equal((await ann.call('getSession')).person.name, 'Ann')
    for (const wrong of [
      { ...credentials, password: 'wrong horse' },
      { ...credentials, login: 'nobody' },
    ]) {
      await assert.rejects(
        stranger.call('createSession', { body: wrong }),
        refused(401, 'wrong_credentials'),
      )
    }
    await ann.call('deleteSession')
    await assert.rejects(ann.call('getSession'), refused(401, 'session_expired'))
  })

  it('tells a stranger nothing, not even whether a thing is there', async () => {
    const [ann, eve] = [await guest('Ann'), await guest('Eve')]
    const made = await ann.rest.call('createCommunity', {
      body: { name: 'secret', visibility: 'private' },
    })
    const communityId = made.community.id
    const channelId = made.channels[0]?.id ?? assert.fail()
    const nowhere = '01890a5d-ac96-774b-bcce-b302099a8057'
    for (const id of [channelId, nowhere]) {
      for (const name of ['getChannel', 'listMessages', 'listChannelMembers'] as const) {
        const asked = eve.rest.call(name, { params: { channelId: id } })
        await assert.rejects(asked, refused(404, 'not_found'))
      }
    }
    for (const id of [communityId, nowhere]) {
      const asked = eve.rest.call('listChannels', { params: { communityId: id } })
      await assert.rejects(asked, refused(404, 'not_found'))
    }
    await assert.rejects(stranger.call('getSession'), refused(401, 'unauthenticated'))
    await assert.rejects(
      stranger.as('forged').call('getSession'),
      (error) => error instanceof RestRefusal && error.status === 401,
    )
  })
})
