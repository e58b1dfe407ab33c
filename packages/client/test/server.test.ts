import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type RestClient, startServer } from '@madang/server/testing'
import type { ChannelView, ClientStorage } from '../src/index.ts'
import {
  guest,
  loaded,
  messages,
  type Participant,
  participant,
  patientRestClient,
  shows,
  texts,
  until,
} from './people.case.ts'

const LIMIT = { timeout: 120_000 }

async function account(rest: RestClient, name: string): Promise<{ token: string; id: string }> {
  const body = { login: name.toLowerCase(), password: 'correct horse', name }
  const { session, person } = await rest.call('createAccount', { body })
  return { token: session.token, id: person.id }
}

test('two people talk: each sees what both wrote, once, in one order', LIMIT, async () => {
  await using server = await startServer()
  await using ann = await guest(server.url, 'Ann')
  await using bob = await guest(server.url, 'Bob')
  const hers = await loaded(ann, ann.hall)
  const his = await loaded(bob, ann.hall)
  const key = hers.send('hello')
  assert.deepEqual(texts(hers.snapshot()), ['pending hello'])
  await until(his, shows('sent hello'))
  his.send('hi Ann')
  await until(hers, shows('sent hello', 'sent hi Ann'))
  const [mine, other] = messages(hers.snapshot())
  assert.equal(mine?.key, key)
  assert.equal(mine.seq !== undefined && other?.seq !== undefined && mine.seq < other.seq, true)
  assert.equal(other?.author.name, 'Bob')
})

test('many messages arrive once, in the order in which each was sent', LIMIT, async () => {
  await using server = await startServer()
  await using ann = await guest(server.url, 'Ann')
  await using bob = await guest(server.url, 'Bob')
  const hers = await loaded(ann, ann.hall)
  const his = await loaded(bob, ann.hall)
  const count = 30
  for (let index = 0; index < count; index += 1) {
    hers.send(`a${index}`)
    his.send(`b${index}`)
  }
  const isAll = (view: ChannelView): boolean =>
    messages(view).length === 2 * count && messages(view).every((item) => item.state === 'sent')
  const [left, right] = await Promise.all([until(hers, isAll), until(his, isAll)])
  assert.deepEqual(texts(left), texts(right))
  for (const side of ['a', 'b']) {
    assert.deepEqual(
      texts(left).filter((text) => text.startsWith(`sent ${side}`)),
      Array.from({ length: count }, (_, index) => `sent ${side}${index}`),
    )
  }
})

test('edits, deletes and typing are live, and a fresh load shows the same', LIMIT, async () => {
  await using server = await startServer()
  await using ann = await guest(server.url, 'Ann')
  await using bob = await guest(server.url, 'Bob')
  const hers = await loaded(ann, ann.hall)
  const his = await loaded(bob, ann.hall)
  hers.typing()
  const { typing } = await until(his, (view) => view.typing.length > 0)
  assert.equal(typing[0]?.name, 'Ann')
  hers.send('one')
  await until(his, (view) => view.typing.length === 0)
  hers.send('two')
  const [one, two] = messages(await until(hers, shows('sent one', 'sent two')))
  assert.ok((await hers.edit(one?.seq ?? 0, 'one, edited')).ok)
  assert.ok((await hers.delete(two?.seq ?? 0)).ok)
  await until(his, shows('sent one, edited', 'sent null'))
  const refused = await his.edit(one?.seq ?? 0, 'not mine')
  assert.equal(!refused.ok && refused.error.code, 'forbidden')
  await using cleo = await guest(server.url, 'Cleo')
  const fresh = await loaded(cleo, ann.hall)
  assert.deepEqual(
    messages(fresh.snapshot()).map(({ key: _, ...item }) => item),
    messages(his.snapshot()).map(({ key: _, ...item }) => item),
  )
})

test('unread counts what others write, the same on all devices', LIMIT, async () => {
  await using server = await startServer()
  await using ann = await guest(server.url, 'Ann')
  const { token } = await patientRestClient(server.url)
    .call('createGuest', { body: { name: 'Bob' } })
    .then(({ session }) => session)
  await using phone = participant({ url: server.url, token })
  await using laptop = participant({ url: server.url, token })
  const unread = (one: Participant, wanted: number) =>
    until(one.client.session, ({ channels }) =>
      channels.some((channel) => channel.id === ann.hall && channel.unread === wanted),
    )
  await Promise.all([unread(phone, 0), unread(laptop, 0)])
  const hers = await loaded(ann, ann.hall)
  hers.send('one')
  hers.send('two')
  await Promise.all([unread(phone, 2), unread(laptop, 2)])
  const his = await loaded(phone, ann.hall)
  const [first, second] = messages(await until(his, shows('sent one', 'sent two')))
  his.markRead(first?.seq ?? 0)
  await Promise.all([unread(phone, 1), unread(laptop, 1)])
  his.markRead(second?.seq ?? 0)
  await Promise.all([unread(phone, 0), unread(laptop, 0)])
})

test('who was away gets what was missed, in its place', LIMIT, async () => {
  await using server = await startServer()
  await using ann = await guest(server.url, 'Ann')
  await using bob = await guest(server.url, 'Bob')
  const hers = await loaded(ann, ann.hall)
  const his = await loaded(bob, ann.hall)
  hers.send('before')
  const [before] = messages(await until(his, shows('sent before')))
  bob.setOnline(false)
  assert.equal(bob.client.session.snapshot().connection.status, 'offline')
  hers.send('while away')
  await hers.edit(before?.seq ?? 0, 'before, edited')
  await until(hers, shows('sent before, edited', 'sent while away'))
  his.send('from the train')
  assert.deepEqual(texts(his.snapshot()), ['sent before', 'pending from the train'])
  bob.setOnline(true)
  const all = ['sent before, edited', 'sent while away', 'sent from the train']
  await Promise.all([until(his, shows(...all)), until(hers, shows(...all))])
})

test('who was away for long gets the latest page, and pages back to the first', LIMIT, async () => {
  await using server = await startServer()
  await using ann = await guest(server.url, 'Ann')
  await using bob = await guest(server.url, 'Bob')
  const his = await loaded(bob, ann.hall)
  bob.setOnline(false)
  const count = await crowd(server.url, ann.hall)
  bob.setOnline(true)
  await until(his, (view) => view.more && messages(view).length > 0)
  for (let view = his.snapshot(); view.more; view = his.snapshot()) await his.loadOlder()
  const seqs = his.snapshot().items.map((item) => item.seq ?? 0)
  const last = seqs.at(-1) ?? 0
  assert.ok(messages(his.snapshot()).length === count)
  assert.deepEqual(
    seqs,
    Array.from({ length: last }, (_, index) => index + 1),
  )
})

test('a refused login is refused for good, with its reason', LIMIT, async () => {
  await using server = await startServer()
  await using mallory = participant({ url: server.url, token: 'not a token' })
  const { connection } = await until(
    mallory.client.session,
    (session) => session.connection.status === 'refused',
  )
  assert.equal(connection.error?.retry, 'never')
  assert.equal(connection.retryAt, undefined)
})

test('a session that is signed out ends its connection', LIMIT, async () => {
  await using server = await startServer()
  const rest = patientRestClient(server.url)
  const { token } = await account(rest, 'Ann')
  await using ann = participant({ url: server.url, token })
  await until(ann.client.session, (session) => session.connection.status === 'online')
  await rest.as(token).call('deleteSession')
  const { connection } = await until(
    ann.client.session,
    (session) => session.connection.status === 'refused',
  )
  assert.equal(connection.error?.code, 'session_expired')
})

test('a guest comes again as the same, and anew when the session is void', LIMIT, async () => {
  await using server = await startServer()
  const kept = new Map<string, string>()
  const storage: ClientStorage = {
    get: async (key) => kept.get(key),
    set: async (key, value) => void kept.set(key, value),
    remove: async (key) => void kept.delete(key),
  }
  const options = { url: server.url, guestName: 'Ann', storage }
  const who = async (one: Participant): Promise<string | undefined> =>
    (await until(one.client.session, (session) => session.person !== undefined)).person?.id
  await using first = participant(options)
  const id = await who(first)
  await using again = participant(options)
  assert.equal(await who(again), id)
  const { token } = JSON.parse(kept.get(`madang:${server.url}:guest`) ?? '{}')
  await patientRestClient(server.url, token).call('deleteSession')
  const { person } = await until(
    again.client.session,
    (session) => session.connection.status === 'online' && session.person?.id !== id,
  )
  assert.equal(person?.name, 'Ann')
})

test('whoever is kicked sees why, and nothing later', LIMIT, async (context) => {
  const { server, owner, ann, bob, channelId } = await club(context)
  const hers = await loaded(ann, channelId)
  const his = await loaded(bob, channelId)
  hers.send('welcome')
  await until(his, (view) => texts(view).includes('sent welcome'))
  await owner.call('deleteChannelMember', { params: { channelId, personId: bob.id } })
  const { error, items } = await until(his, (view) => view.error !== undefined)
  assert.equal(error?.code, 'not_member')
  assert.deepEqual(items, [])
  assert.ok(!bob.client.session.snapshot().channels.some((one) => one.id === channelId))
  hers.send('he is gone')
  await until(hers, (view) => texts(view).includes('sent he is gone'))
  his.send('let me in')
  const [failed] = messages(await until(his, (view) => messages(view)[0]?.state === 'failed'))
  assert.equal(failed?.error?.code, 'not_member')
  assert.ok(server.url)
})

test('whoever joins again has the channel open again', LIMIT, async (context) => {
  const { owner, ann, bob, channelId } = await club(context)
  const hers = await loaded(ann, channelId)
  const his = await loaded(bob, channelId)
  await owner.call('deleteChannelMember', { params: { channelId, personId: bob.id } })
  await until(his, (view) => view.error !== undefined)
  const joined = await bob.client.joinChannel(channelId)
  assert.ok(joined.ok)
  hers.send('back again')
  await until(his, (view) => view.error === undefined && texts(view).includes('sent back again'))
  assert.ok((await bob.client.leaveChannel(channelId)).ok)
  await until(bob.client.session, ({ channels }) => !channels.some((one) => one.id === channelId))
})

/** So many write so much that nobody's rate is reached, but the reader is further behind than a resume repeats. */
async function crowd(url: string, channelId: string): Promise<number> {
  const [people, each] = [31, 20]
  const rest = patientRestClient(url)
  for (let number = 0; number < people; number += 1) {
    const { session } = await rest.call('createGuest', { body: { name: `Guest ${number}` } })
    for (let index = 0; index < each; index += 1) {
      const body = { clientId: `${number}-${index}`, text: `${number} says ${index}` }
      await rest.as(session.token).call('createMessage', { params: { channelId }, body })
    }
  }
  return people * each
}

/** A community of its owner Ann with Bob in it, and a channel of theirs. */
async function club(context: TestContext) {
  const server = await startServer()
  const rest = patientRestClient(server.url)
  const [first, second] = [await account(rest, 'Ann'), await account(rest, 'Bob')]
  const owner = rest.as(first.token)
  const { community, channels } = await owner.call('createCommunity', {
    body: { name: 'The club', visibility: 'public' },
  })
  await rest.as(second.token).call('setCommunityMember', {
    params: { communityId: community.id, personId: second.id },
    body: {},
  })
  const ann = participant({ url: server.url, token: first.token })
  const bob = participant({ url: server.url, token: second.token })
  context.after(async () => {
    await ann.client.stop()
    await bob.client.stop()
    await server.stop()
  })
  const channelId = channels[0]?.id ?? ''
  return { server, owner, channelId, ann, bob: { ...bob, id: second.id } }
}
