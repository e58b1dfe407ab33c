import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { freeze } from '../../../../tests/services/freeze.ts'
import { nats } from '../../../../tests/services/nats.ts'
import { need, type Running } from '../../../../tests/services/part.ts'
import { createNatsBroker, type NatsBroker, type NatsBrokerOptions } from '../brokers/nats.ts'
import { bytes, hears, say } from '../testing/ground.ts'
import { Recorder } from '../testing/recorder.ts'
import { Relay } from '../testing/relay.ts'
import { ScriptedNats } from '../testing/scripted-nats.ts'

const { skip } = await need(nats)

interface NatsNode {
  readonly broker: NatsBroker
  readonly heard: Recorder
}

async function nodeAt(
  servers: string,
  options: Partial<NatsBrokerOptions> = {},
): Promise<NatsNode> {
  const node = { broker: createNatsBroker({ servers, ...options }), heard: new Recorder() }
  await node.broker.start(node.heard)
  return node
}

const away = ({ heard }: NatsNode) =>
  heard.until('it is told', () => heard.healths.at(-1)?.connected === false)
const back = ({ heard }: NatsNode) =>
  heard.until('it is back', () => heard.healths.at(-1)?.connected === true)
const connected = ({ heard }: NatsNode) => heard.healths.at(-1)?.connected

/** Notices within a test's patience what it notices within seconds otherwise. */
const ALERT = { heartbeatMs: 100, replyMsMax: 500, connectMsMax: 1_000, retryMsMax: 100 }
const TOPICS = Array.from({ length: 300 }, (_, i) => `topic ${i}`)

/** Every subscription lives, and a gap was told for each. */
async function allAlive(listening: NatsNode, speaking: NatsNode, text: string): Promise<void> {
  await Promise.all([back(listening), back(speaking)])
  const { heard } = listening
  await heard.until('all gaps', () => TOPICS.every((topic) => heard.gaps.includes(topic)))
  await Promise.all(TOPICS.map((topic) => listening.broker.subscribe(topic)))
  for (const topic of TOPICS) say(speaking, topic, text)
  for (const topic of TOPICS) await hears(listening, topic, text)
}

describe('a NATS server that', { skip }, () => {
  let server: Running
  let nodes: NatsNode[] = []

  before(async () => {
    server = await nats.start()
  })
  beforeEach((context) => {
    nodes = []
    if ('after' in context) {
      context.after(() => Promise.all(nodes.map(({ broker }) => broker.stop())))
    }
  })
  after(() => server.stop())

  async function node(url: string, options: Partial<NatsBrokerOptions> = {}): Promise<NatsNode> {
    const made = await nodeAt(url, options)
    nodes.push(made)
    return made
  }

  async function listening(url: string, options: Partial<NatsBrokerOptions> = {}) {
    const made = await node(url, options)
    await Promise.all(TOPICS.map((topic) => made.broker.subscribe(topic)))
    return made
  }

  it('freezes is noticed, costs no memory without bound, and is forgiven', async () => {
    const limits = { ...ALERT, queueFramesMax: 50, ageMsMax: 60_000 }
    const [a, b] = [await listening(server.url, { limits }), await node(server.url, { limits })]
    await freeze(server.pid)
    const first = Array.from({ length: 60 }, () => b.broker.publish('elsewhere', bytes('x')))
    assert.equal(first.filter((taken) => taken).length, 50)
    await Promise.all([away(a), away(b)])
    const dropped = b.broker.droppedFrames
    assert.equal(dropped, 60, 'what was under way counts as dropped, too')
    process.kill(server.pid, 'SIGCONT')
    await Promise.all([back(a), back(b)])
    assert.equal(b.broker.publish('elsewhere', bytes('room again')), true)
    await b.broker.subscribe('a turn of the server')
    await allAlive(a, await node(server.url), 'after')
  })

  it('is frozen at the start lets the node start, and stop', async () => {
    await freeze(server.pid)
    try {
      const made = await node(server.url, { limits: ALERT })
      assert.equal(connected(made), false)
      assert.match(made.heard.healths[0]?.detail ?? '', /no connection within 1000 ms/)
      await made.broker.stop()
    } finally {
      process.kill(server.pid, 'SIGCONT')
    }
  })

  it('cuts a slow consumer off is told as a gap', async () => {
    const relay = await Relay.to(server.port)
    // Only the server may be the one who notices; on a busy machine it keeps whoever publishes waiting for longer than a frame may age.
    const limits = { heartbeatMs: 600_000, ageMsMax: 600_000 }
    const a = await listening(`nats://127.0.0.1:${relay.port}`, { limits })
    const b = await node(server.url, { limits })
    relay.stopReading()
    const [first = ''] = TOPICS
    // The server keeps 64 MiB for one client, beside what the sockets between them take.
    for (let i = 0; i < 100; i++) {
      assert.ok(b.broker.publish(first, Buffer.alloc(1_000_000)))
      if (i % 10 === 9) await b.broker.subscribe(`a turn of the server ${i}`)
    }
    relay.readOn()
    await away(a)
    await allAlive(a, b, 'after')
    assert.ok(a.heard.texts(first).length < 101)
    await a.broker.stop()
    await relay.stop()
  })

  it('is the second of a list is found', async () => {
    const servers = ['nats://127.0.0.1:1', server.url]
    const a = { broker: createNatsBroker({ servers, random: () => 0 }), heard: new Recorder() }
    nodes.push(a)
    await a.broker.start(a.heard)
    assert.equal(connected(a), false)
    await back(a)
  })

  it('serves nodes of two prefixes keeps them apart', async () => {
    const one = await listening(server.url, { prefix: 'one' })
    const [other, same] = [
      await node(server.url, { prefix: 'other' }),
      await node(server.url, { prefix: 'one' }),
    ]
    say(other, 'topic 0', 'from elsewhere')
    await other.broker.subscribe('a turn of the server')
    say(same, 'topic 0', 'from here')
    await hears(one, 'topic 0', 'from here')
    assert.deepEqual(one.heard.texts('topic 0'), ['from here'])
  })
})

describe('a NATS server with rules of its own', () => {
  it('that says nothing is let go at once when the node stops', async () => {
    const gone: Promise<unknown>[] = []
    const server = createServer((socket) => void gone.push(once(socket.resume(), 'close')))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const accepted = once(server, 'connection')
    const limits = { connectMsMax: 600_000 }
    const broker = createNatsBroker({ servers: `nats://127.0.0.1:${port}`, limits })
    const started = broker.start(new Recorder())
    await accepted
    await broker.stop()
    await started
    await Promise.all(gone)
    server.close()
    await once(server, 'close')
  })

  it('that takes smaller frames gets none that is larger, and the drop is counted', async () => {
    const server = new ScriptedNats({ maxPayload: 100 })
    await server.start()
    const { broker } = await nodeAt(server.url)
    for (const size of [90, 91, 5]) assert.equal(broker.publish('t', Buffer.alloc(size)), true)
    await broker.subscribe('a turn of the server')
    assert.deepEqual(server.published, [100, 15])
    assert.equal(broker.droppedFrames, 1)
    await broker.stop()
    await server.stop()
  })

  it('that forbids a subscription is asked again, and the gap is told when it agrees', async () => {
    let refusals = 3
    const onSubscribe = (subject: string) => {
      if (subject !== 'madang.secret' || refusals-- <= 0) return ''
      return `-ERR 'Permissions Violation for Subscription to "${subject}"'\r\n`
    }
    const server = new ScriptedNats({ onSubscribe })
    await server.start()
    const node = await nodeAt(server.url, { limits: { refusedMs: 10 } })
    await node.broker.subscribe('secret')
    await away(node)
    assert.match(node.heard.healths.at(-1)?.detail ?? '', /refuses subscriptions/)
    await node.broker.subscribe('open')
    await back(node)
    await node.heard.until('the gap is told', () => node.heard.gaps.includes('secret'))
    assert.equal(server.subscribed.filter((subject) => subject === 'madang.secret').length, 4)
    await node.broker.stop()
    await server.stop()
  })
})
