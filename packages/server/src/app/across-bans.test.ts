// Bans, sign-outs and sessions on two nodes over one store: with a broker, with one that was killed, and with none at all.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { need } from '../../../../tests/services/part.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { ask } from '../testing/http.ts'
import { listenTo } from '../testing/listening.ts'
import { untilReadiness } from '../testing/ops-pages.ts'
import { type StartedServer, startServer } from '../testing/start-server.ts'
import { guest, visit } from '../testing/visitor.ts'

const carrier = await need(redis)

interface Said {
  readonly diagnostic: (text: string) => void
}

/** Ann bans Bob from a community on one node while he watches it on the other, without a channel open; then he signs out on one node, and is out on the other. */
async function banAndSignOut(one: StartedServer, two: StartedServer, t: Said): Promise<void> {
  const [ann, bob] = [await guest(one.url, 'Ann'), await guest(one.url, 'Bob')]
  const { community } = await ann.rest.call('createCommunity', { body: { name: 'Yard' } })
  const place = { communityId: community.id, personId: bob.person.id }
  await bob.rest.call('setCommunityMember', { params: place })
  using bobs = await visit(two.url, { auth: { token: bob.token, cursors: {} } })
  using second = await visit(two.url, { auth: { token: bob.token } })
  const listening = listenTo(bobs.socket)
  const alsoListening = listenTo(second.socket)
  assert.ok(bobs.ready.communities.some(({ id }) => id === community.id))

  const bannedAt = performance.now()
  await ann.rest.call('banFromCommunity', { params: place, body: {} })
  for (const each of [listening, alsoListening]) {
    await each.told('community', ({ community: { id, role } }) => id === community.id && !role)
  }
  t.diagnostic(`banned from a community: seen after ${Math.round(performance.now() - bannedAt)} ms`)
  const gone = await listening.told('gone', ({ reason }) => reason === 'kicked')
  assert.notEqual(gone.channelId, ann.channelId)

  const closed = Promise.all(
    [listening, alsoListening].map((each) => each.told('closed', () => true)),
  )
  const signedOutAt = performance.now()
  await bob.rest.call('deleteSession')
  for (const { error } of await closed) assert.equal(error.code, 'session_expired')
  t.diagnostic(`signed out: closed after ${Math.round(performance.now() - signedOutAt)} ms`)
  await assert.rejects(visit(two.url, { auth: { token: bob.token } }), /session/)
}

test('with no broker at all, a ban and a sign-out act on the other node', {
  timeout: 60_000,
}, async (t) => {
  await using one = await startServer()
  await using two = await startServer({ env: { DATA_DIR: one.config.dataDir } })
  await banAndSignOut(one, two, t)
})

test('with a broker, and after it was killed, a ban and a sign-out act on the other node', {
  skip: carrier.skip,
  timeout: 60_000,
}, async (t) => {
  const server = await redis.start()
  try {
    const env = { REDIS_URL: server.url }
    await using one = await startServer({ env })
    await using two = await startServer({ env: { ...env, DATA_DIR: one.config.dataDir } })
    for (const { url } of [one, two]) await untilReadiness(url, 'ready')
    await banAndSignOut(one, two, t)
    await server.kill()
    for (const { url } of [one, two]) await untilReadiness(url, 'degraded')
    await banAndSignOut(one, two, t)
  } finally {
    await server.stop()
  }
})

test('a browser that signed in at one node is known at every node, behind a proxy that ends TLS too', async () => {
  const env = { TRUST_PROXY: '1' }
  await using one = await startServer({ env })
  await using two = await startServer({ env: { ...env, DATA_DIR: one.config.dataDir } })
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.7' }
  const account = { login: 'ann', password: 'correct horse', name: 'Ann' }
  const signedIn = await ask(`${one.url}/api/accounts`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(account),
  })
  const set = signedIn.headers['set-cookie']?.join() ?? ''
  assert.match(set, /; HttpOnly; Secure; SameSite=Lax$/)
  const cookie = set.split(';')[0] ?? ''
  const known = await ask(`${two.url}/api/session`, { headers: { ...headers, cookie } })
  assert.equal(JSON.parse(known.body).person.name, 'Ann')

  const { host } = new URL(two.url)
  const asBrowser = (origin: string) => ({
    extraHeaders: { ...headers, cookie, origin },
    reconnection: false,
  })
  using socket = await visit(two.url, asBrowser(`https://${host}`))
  assert.equal(socket.ready.person.name, 'Ann')
  await assert.rejects(visit(two.url, asBrowser('https://evil.example')))

  const closed = listenTo(socket.socket).told('closed', () => true)
  const gone = await ask(`${one.url}/api/session`, {
    method: 'DELETE',
    headers: { ...headers, cookie, origin: `https://${new URL(one.url).host}` },
  })
  assert.equal(gone.status, 200)
  assert.equal((await closed).error.code, 'session_expired')
  assert.equal(
    (await ask(`${two.url}/api/session`, { headers: { ...headers, cookie } })).status,
    401,
  )
})
