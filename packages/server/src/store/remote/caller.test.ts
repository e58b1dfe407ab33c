// What a node makes of an API process that is slow, wrong, foreign, gone and back.
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { systemClock } from '../../clock.ts'
import { createRemoteStore } from '../remote.ts'
import { createSqliteStore } from '../sqlite.ts'
import { type Append, type Store, StoreError } from '../store.ts'
import { Ground } from '../testing/ground.ts'
import { SECRET, serveStore } from '../testing/store-api-server.ts'
import { isRepeatable } from './caller.ts'
import { METHODS } from './methods.ts'

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void

const ID = '00000000-0000-7000-8000-00000000000a'
const send = (response: ServerResponse, status: number, body: string) =>
  void response.writeHead(status).end(body)
const healthy: Answer = (_request, response) => send(response, 200, '{"result":null}')

/** An API process that answers `ping`, and everything else as a test has it. */
async function apiThat(answer: Answer, ping: Answer = healthy) {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const method = request.url?.split('/').at(-1) ?? ''
    if (method === 'ping') return ping(request, response, body)
    asked.push(method)
    answer(request, response, body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const notes: string[] = []
  const calls: string[] = []
  const store = createRemoteStore({
    url: `http://127.0.0.1:${port}`,
    secret: 'shown to the API process only',
    clock: systemClock,
    random: () => 0,
    report: {
      called: (method, outcome) => void calls.push(`${method} ${outcome}`),
      warn: (what, facts) => void notes.push(`${what} ${JSON.stringify(facts)}`),
      info: (what) => void notes.push(what),
    },
  })
  await store.start()
  return {
    ...{ store, asked, notes, calls },
    async [Symbol.asyncDispose]() {
      await store.stop()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const code = (wanted: string) => (error: unknown) =>
  error instanceof StoreError && error.code === wanted

const message = (clientId: string | undefined): Append => ({
  id: ID,
  channelId: ID,
  author: { id: ID, name: 'ann' },
  needs: 'writer',
  createdAt: 1,
  entry:
    clientId === undefined
      ? { kind: 'deleted', target: 1 }
      : { kind: 'created', clientId, lane: 'chat', text: 'hi' },
})

const SECRETS_AND_TEXTS = /shown to the API|"hi"|tell-nobody/

for (const [name, body] of Object.entries({
  'no JSON': '<html>tell-nobody</html>',
  'another shape': '{"result":[{"outcome":"tell-nobody"}]}',
  'no result': '{}',
  'too few results': '{"result":[]}',
  null: 'null',
  'a hostile shape': '{"result":{"length":{"toString":{}}}}',
})) {
  test(`an answer that is ${name} is unavailable, told, and stops nothing`, async () => {
    await using api = await apiThat((_request, response) => send(response, 200, body))
    await assert.rejects(api.store.append([message('a')]), code('unavailable'))
    assert.deepEqual(api.calls, ['append odd'])
    assert.match(api.notes.join(), /answered what the contract does not know/)
    assert.doesNotMatch(api.notes.join(), SECRETS_AND_TEXTS)
    await api.store.ping()
  })
}

test('a refusal is told in its own code, one that nobody knows is not believed', async () => {
  let answer: readonly [number, string] = [403, '{"code":"banned"}']
  await using api = await apiThat((_request, response) => send(response, ...answer))
  await assert.rejects(api.store.heads([ID]), code('banned'))
  answer = [503, '{"code":"busy","text":"later"}']
  await assert.rejects(api.store.heads([ID]), code('busy'))
  answer = [501, '']
  await assert.rejects(api.store.heads([ID]), code('forbidden'))
  answer = [500, '{"code":"constructor"}']
  await assert.rejects(api.store.heads([ID]), code('unavailable'))
  assert.deepEqual(api.calls.slice(0, 3), ['heads banned', 'heads busy', 'heads forbidden'])
})

test('what can be repeated is repeated once, the rest never', async () => {
  await using api = await apiThat((request) => void request.socket.destroy())
  await assert.rejects(api.store.append([message('a'), message('b')]), code('unavailable'))
  assert.deepEqual(api.asked, ['append', 'append'])
  await eventually(() => api.store.state === 'up')
  await assert.rejects(api.store.append([message('a'), message(undefined)]), code('unavailable'))
  await eventually(() => api.store.state === 'up')
  const community = { id: ID, name: 'x', visibility: 'public', createdAt: 1 } as const
  await assert.rejects(
    api.store.createCommunity({ ...community, owner: { id: ID, name: 'ann' } }),
    code('unavailable'),
  )
  assert.deepEqual(api.asked.slice(2), ['append', 'createCommunity'])
})

test('an append whose first answer was lost is told as appended, though the API had it already', async () => {
  await using truth = await ground()
  const { store, ground: yard, ann, channelId } = truth
  let lost = 0
  const { request: emit } = truth.hooks
  emit.drop = (method) => method === 'append' && lost++ === 0
  const results = await store.append([yard.message(channelId, ann, 'once')])
  assert.equal(lost, 2)
  assert.deepEqual(
    results.map(({ outcome }) => outcome),
    ['appended'],
  )
  const log = await yard.log(channelId)
  assert.equal(log.filter(({ kind }) => kind === 'created').length, 1)
})

test('a secret that is not taken, or another version, is no API: calls are refused at once', async () => {
  for (const status of [401, 426]) {
    await using api = await apiThat(healthy, (_request, response) => send(response, status, '{}'))
    assert.equal(api.store.state, 'down')
    await assert.rejects(api.store.heads([ID]), code('unavailable'))
    assert.deepEqual(api.asked, [])
    assert.match(api.notes.join(), /The API process is away/)
  }
})

test('an API process that dies is noticed, refused for at once, and found again', async () => {
  let isDead = false
  const mortal: Answer = (request, response, body) =>
    isDead ? void request.socket.destroy() : healthy(request, response, body)
  await using api = await apiThat(
    (request, response) =>
      isDead ? request.socket.destroy() : send(response, 200, '{"result":{}}'),
    mortal,
  )
  assert.equal((await api.store.heads([ID])).size, 0)
  isDead = true
  await assert.rejects(api.store.heads([ID]), code('unavailable'))
  await eventually(() => api.store.state === 'down')
  const before = api.asked.length
  for (let n = 0; n < 100; n += 1) await assert.rejects(api.store.heads([ID]), code('unavailable'))
  assert.equal(api.asked.length, before, 'nobody waits for the dead')
  isDead = false
  await eventually(() => api.store.state === 'up')
  assert.equal((await api.store.heads([ID])).size, 0)
})

test('rows say of each request whether it may be repeated', () => {
  assert.equal(isRepeatable(METHODS.append, [[message('a')]]), true)
  assert.equal(isRepeatable(METHODS.append, [[message('a'), message(undefined)]]), false)
  assert.equal(isRepeatable(METHODS.heads, [[ID]]), true)
  assert.equal(isRepeatable(METHODS.createPerson, [{}]), false)
})

/** A real store behind HTTP, whose answers can be lost. */
async function ground() {
  const sqlite = createSqliteStore({ file: ':memory:' })
  await sqlite.start()
  const api = await serveStore(sqlite)
  const hooks: { request: { drop: (method: string) => boolean } } = {
    request: { drop: () => false },
  }
  const proxy = createServer(async (request, response) => {
    const method = request.url?.split('/').at(-1) ?? ''
    const answer = await fetch(`${api.url}${request.url}`, {
      method: 'POST',
      headers: { authorization: request.headers.authorization ?? '' },
      body: await text(request),
    })
    const body = await answer.text()
    if (hooks.request.drop(method)) request.socket.destroy()
    else response.writeHead(answer.status).end(body)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as AddressInfo
  const store: Store = createRemoteStore({
    url: `http://127.0.0.1:${port}`,
    secret: SECRET,
    clock: systemClock,
    random: () => 0,
    report: { called() {}, warn() {}, info() {} },
  })
  await store.start()
  const yard = new Ground(store)
  const ann = await yard.person('ann')
  const { id: channelId } = await yard.channel(await yard.community(ann), [ann])
  return {
    ...{ store, ground: yard, ann, channelId, hooks },
    async [Symbol.asyncDispose]() {
      await store.stop()
      await new Promise((resolve) => proxy.close(resolve))
      await api.close()
      await sqlite.stop()
    },
  }
}

async function eventually(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}
