import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { MemoryHub } from '@madang/fanout'
import { ClusterView, type DownName, type DownPayload, type FollowTarget } from '@madang/protocol'
import { io, type Socket } from 'socket.io-client'
import { createSqliteStore } from '../store/sqlite.ts'
import { createRestClient, RestRefusal } from '../testing/rest-client.ts'
import { type StartedServer, startServer } from '../testing/start-server.ts'

interface Ground {
  readonly nodes: readonly StartedServer[]
  /** Makes a person an operator, as the command line does. */
  promote(personId: string, operator?: boolean): Promise<void>
  readonly left: string[]
}

/** Nodes over one store and one broker, in this process. */
async function ground(t: TestContext, names: readonly string[]): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'madang-operating-'))
  const hub = new MemoryHub()
  const left: string[] = []
  const nodes: StartedServer[] = []
  t.after(async () => {
    for (const node of nodes) await node.stop()
    await rm(folder, { recursive: true, force: true })
  })
  for (const name of names) {
    nodes.push(
      await startServer({
        env: { DATA_DIR: folder, NODE_ID: name, LOG_LEVEL: 'warn' },
        surroundings: { broker: hub.newBroker(), leave: () => void left.push(name) },
      }),
    )
  }
  return {
    nodes,
    left,
    async promote(personId, operator = true) {
      const store = createSqliteStore({ file: join(folder, 'madang.db') })
      await store.start()
      assert.ok(await store.changePerson(personId, { operator }))
      await store.stop()
    },
  }
}

async function signedIn(node: StartedServer, name: string) {
  const stranger = createRestClient(node.url)
  const { person, session } = await stranger.call('createGuest', { body: { name } })
  return { person, token: session.token, rest: stranger.as(session.token) }
}

async function connected(t: TestContext, node: StartedServer, token: string): Promise<Socket> {
  const socket = io(node.url, { auth: { token }, transports: ['websocket'], forceNew: true })
  t.after(() => socket.disconnect())
  await heard(socket, 'ready')
  return socket
}

const heard = <N extends DownName>(socket: Socket, event: N): Promise<DownPayload<N>> =>
  new Promise((resolve) => {
    socket.once(event as string, resolve)
  })

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    await sleep(50)
  }
}

const isForbidden = (error: unknown) =>
  error instanceof RestRefusal && error.body.code === 'forbidden'

test('operators see all nodes with their figures, whichever node they ask; others see nothing', async (t) => {
  const { nodes, promote } = await ground(t, ['n1', 'n2', 'n3'])
  const [n1, n2] = nodes
  assert.ok(n1 && n2)
  const ann = await signedIn(n1, 'Ann')
  await assert.rejects(ann.rest.call('getCluster'), isForbidden)
  assert.equal((await ann.rest.call('getSession')).operator, false)
  await promote(ann.person.id)
  assert.equal((await ann.rest.call('getSession')).operator, true)
  const socket = await connected(t, n2, ann.token)
  const view = await until(async () => {
    const seen = await ann.rest.call('getCluster')
    return seen.nodes.length === 3 ? seen : undefined
  })
  assert.deepEqual(
    view.nodes.map(({ id, phase, connections }) => [id, phase, connections.websocket]),
    [
      ['n1', 'ready', 0],
      ['n2', 'ready', 1],
      ['n3', 'ready', 0],
    ],
  )
  assert.deepEqual([view.by, view.silent], ['n1', []])
  const { channels } = await ann.rest.call('listUnread')
  const [channel] = channels
  assert.ok(channel)
  for (const text of ['one', 'two']) {
    await socket.emitWithAck('send', { channelId: channel.channelId, clientId: text, text })
  }
  const counted = await until(async () => {
    const n = (await ann.rest.call('getCluster')).nodes.find(({ id }) => id === 'n2')
    return n !== undefined && n.totals.deliveriesOut >= 2 ? n : undefined
  })
  assert.equal(counted.totals.messagesIn, 2)
  assert.ok(counted.broker.framesOut >= 2 && counted.broker.bytesOut > 0, 'frames are counted')
  assert.ok(counted.delivery !== null && counted.delivery.events >= 2)
  assert.ok(counted.memory.residentBytes > 1e6 && counted.uptimeMs > 0)
})

test('a node that is gone is told as silent, with the reason, and holds nobody up', async (t) => {
  const { nodes, promote } = await ground(t, ['n1'])
  const [n1] = nodes
  assert.ok(n1)
  const ann = await signedIn(n1, 'Ann')
  await promote(ann.person.id)
  const store = createSqliteStore({ file: join(n1.config.dataDir, 'madang.db') })
  await store.start()
  const gone = { id: 'gone', address: '127.0.0.1:9', secret: 'x', seenAt: Date.now() }
  await store.announceNode(gone, 0)
  await store.stop()
  const view = await until(async () => {
    const seen = await ann.rest.call('getCluster')
    return seen.silent.length > 0 ? seen : undefined
  })
  const [silent] = view.silent
  assert.deepEqual([silent?.id, silent?.seenAt], ['gone', gone.seenAt])
  assert.match(silent?.why ?? '', /ECONNREFUSED|no answer/)
  assert.equal(view.nodes.length, 1)
})

test('a message that was delivered tells its way to who asks for it then: appended, published, received, delivered', async (t) => {
  const { nodes, promote } = await ground(t, ['n1', 'n2'])
  const [n1, n2] = nodes
  assert.ok(n1 && n2)
  const [ann, bob] = [await signedIn(n1, 'Ann'), await signedIn(n2, 'Bob')]
  await promote(ann.person.id)
  const [here] = [await connected(t, n1, ann.token), await connected(t, n2, bob.token)]
  const [channel] = (await ann.rest.call('listUnread')).channels
  assert.ok(channel)
  const { channelId } = channel
  const follow = (target: FollowTarget) => ann.rest.call('follow', { body: { target } })
  await until(async () =>
    (await ann.rest.call('getCluster')).nodes.length === 2 ? true : undefined,
  )
  const sent = await here.emitWithAck('send', { channelId, clientId: 'c1', text: 'secret words' })
  const steps = await until(async () => {
    const { entries } = await follow({ channelId })
    const of = entries.filter(({ eventId }) => eventId === sent.id)
    return of.filter(({ step }) => step === 'delivered').length === 2 ? of : undefined
  })
  assert.deepEqual(steps.map(({ node, step }) => `${node} ${step}`).toSorted(), [
    'n1 appended',
    'n1 delivered',
    'n1 published',
    'n2 delivered',
    'n2 received',
  ])
  assert.ok(
    steps.every(
      ({ seq, kind, personId }) =>
        seq === sent.seq && kind === 'created' && personId === ann.person.id,
    ),
  )
  assert.equal(steps.find(({ step, node }) => step === 'delivered' && node === 'n2')?.count, 1)
  assert.doesNotMatch(JSON.stringify(steps), /secret words/)
  await connected(t, n1, bob.token)
  const about = await until(async () => {
    const { entries } = await follow({ personId: bob.person.id })
    const came = entries.filter(({ step }) => step === 'connected')
    return came.length === 2 ? came : undefined
  })
  assert.deepEqual(
    about.map(({ node }) => node),
    ['n2', 'n1'],
    'before anybody followed, and since',
  )
})

test('an operator who observes is shown the whole once a second, until they look away or are no operator', async (t) => {
  const { nodes, promote } = await ground(t, ['n1'])
  const [n1] = nodes
  assert.ok(n1)
  const ann = await signedIn(n1, 'Ann')
  const socket = await connected(t, n1, ann.token)
  const refused = await socket.emitWithAck('observe', { cluster: true })
  assert.equal(refused.error?.code, 'forbidden')
  await promote(ann.person.id)
  const [channel] = (await ann.rest.call('listUnread')).channels
  const follow = { channelId: channel?.channelId ?? '' }
  const first = heard(socket, 'cluster')
  assert.deepEqual(await socket.emitWithAck('observe', { cluster: true, follow }), { ok: true })
  ClusterView.parse(await first)
  const traced = heard(socket, 'trace')
  await sleep(50)
  await socket.emitWithAck('send', { ...follow, clientId: 'x', text: 'hi' })
  const { entries } = await traced
  assert.ok(
    entries.some(({ step }) => step === 'appended'),
    JSON.stringify(entries),
  )
  await heard(socket, 'cluster')
  await promote(ann.person.id, false)
  let looks = 0
  socket.on('cluster', () => {
    looks += 1
  })
  await until(async () => {
    const before = looks
    await sleep(2_500)
    return looks === before ? true : undefined
  })
})

test('a node is told to drain by an operator at another one, and a stranger is told nothing', async (t) => {
  const { nodes, promote, left } = await ground(t, ['n1', 'n2'])
  const [n1] = nodes
  assert.ok(n1)
  const [ann, bob] = [await signedIn(n1, 'Ann'), await signedIn(n1, 'Bob')]
  await promote(ann.person.id)
  const drain = (who: typeof ann, nodeId: string) =>
    who.rest.call('drainNode', { params: { nodeId } })
  await assert.rejects(drain(bob, 'n2'), isForbidden)
  await until(async () =>
    (await ann.rest.call('getCluster')).nodes.length === 2 ? true : undefined,
  )
  await drain(ann, 'n2')
  assert.deepEqual(left, ['n2'])
  await assert.rejects(
    drain(ann, 'n9'),
    (error) => error instanceof RestRefusal && error.body.code === 'not_found',
  )
})

test('the back door does nothing for operators of whom shows no secret, a wrong one, or asks too much', async (t) => {
  const { nodes, left } = await ground(t, ['n1'])
  const store = createSqliteStore({ file: join(nodes[0]?.config.dataDir ?? '', 'madang.db') })
  await store.start()
  const [own] = await store.nodes()
  await store.stop()
  assert.ok(own)
  const ask = async (path: string, secret?: string, body = '{}') => {
    const headers = secret === undefined ? {} : { 'x-madang-secret': secret }
    const url = `http://${own.address}${path}`
    const answer = await fetch(url, { method: 'POST', headers, body }).catch(() => undefined)
    await answer?.text()
    return answer?.status
  }
  for (const path of ['/ops/v1/drain', '/ops/v1/figures', '/ops/v1/follow']) {
    assert.equal(await ask(path), 404)
    assert.equal(await ask(path, `${own.secret}x`), 404)
  }
  assert.equal(await ask('/ops/v1/nothing', own.secret), 404)
  assert.equal(await ask('/ops/v1/follow', own.secret, '{"channelId":"x"}'), 400)
  assert.equal(await ask('/ops/v1/follow', own.secret, 'no json'), 500)
  assert.equal(await ask('/ops/v1/follow', own.secret, 'x'.repeat(5_000)), undefined)
  assert.deepEqual(left, [])
  assert.equal(await ask('/ops/v1/drain', own.secret), 200)
  assert.deepEqual(left, ['n1'])
})
