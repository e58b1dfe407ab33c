import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { describe, it } from 'node:test'
import { freeze } from '../../../../tests/services/freeze.ts'
import { createIpcBroker, type IpcBrokerOptions, serveIpc } from '../brokers/ipc.ts'
import { bytes, hears, type Node, say } from '../testing/ground.ts'
import { PrimaryProcess } from '../testing/ipc-primary.ts'
import { Stranger } from '../testing/ipc-stranger.ts'
import { Recorder } from '../testing/recorder.ts'
import {
  aboutTopic,
  ack,
  bare,
  FRAME,
  frameRecord,
  hello,
  LOST,
  PING,
  SUBSCRIBE,
} from './record.ts'

async function nodeAt(path: string, options: IpcBrokerOptions = {}): Promise<Node> {
  const node = { broker: createIpcBroker({ path, ...options }), heard: new Recorder() }
  await node.broker.start(node.heard)
  return node
}

async function eventually(what: string, ready: () => boolean): Promise<void> {
  for (let i = 0; i < 1_000 && !ready(); i++)
    await new Promise((resolve) => setTimeout(resolve, 10))
  assert.ok(ready(), what)
}

/** What a stranger writes, and why it is no record. */
const NONSENSE: Readonly<Record<string, Buffer>> = {
  'another protocol': bytes('GET / HTTP/1.1\r\n\r\n'),
  'no greeting': bare(PING),
  'a greeting of another version': hello({ version: 99, frameBytesMax: 0 }),
  'a length of nothing': Buffer.from([0, 0, 0, 0]),
  'a length beyond any record': Buffer.from([0xff, 0xff, 0xff, 0xff]),
}

const NONSENSE_AFTER_GREETING: Readonly<Record<string, Buffer>> = {
  'an unknown kind': bare(200),
  'what only a primary says': ack(1),
  'half a character': Buffer.from([0, 0, 0, 2, SUBSCRIBE, 7]),
  'a topic longer than its record': Buffer.from([0, 0, 0, 3, FRAME, 9, 9]),
  'a frame that is too large': frameRecord('t', Buffer.alloc(1_001)),
}

describe('a primary', () => {
  it('cuts off and counts who makes no sense, and carries on for the others', async () => {
    const server = await serveIpc({ frameBytesMax: 1_000 })
    const [a, b] = [await nodeAt(server.path), await nodeAt(server.path)]
    await a.broker.subscribe('t')
    let count = 0
    for (const [what, nonsense] of Object.entries({ ...NONSENSE, ...NONSENSE_AFTER_GREETING })) {
      const stranger = await Stranger.at(server.path)
      if (what in NONSENSE_AFTER_GREETING) {
        await stranger.greet()
        stranger.write(aboutTopic(SUBSCRIBE, `of ${what}`))
      }
      stranger.write(nonsense)
      await stranger.gone
      count += 1
      assert.equal(server.stats().malformed, count, what)
      say(b, 't', what)
      await hears(a, 't', what)
    }
    await eventually('nothing of them is left', () => server.stats().workers === 2)
    assert.equal(server.stats().topics, 1)
    for (const { broker } of [a, b]) await broker.stop()
    await server.stop()
  })

  it('drops what a slow worker does not read, and tells it before anything later', async () => {
    const server = await serveIpc({ queueBytesMax: 1_000_000 })
    const [a, b] = [await nodeAt(server.path), await nodeAt(server.path)]
    await a.broker.subscribe('t')
    const slow = await Stranger.at(server.path)
    await slow.greet()
    for (const topic of ['t', 'quiet']) slow.write(aboutTopic(SUBSCRIBE, topic))
    await eventually('it is subscribed', () => server.stats().topics === 2)
    slow.freeze()
    const count = 60
    for (let i = 0; i < count; i++) {
      assert.ok(b.broker.publish('t', Buffer.alloc(100_000, i)))
      await a.heard.until('another worker has it', () => a.heard.frames.length === i + 1)
    }
    assert.ok(server.stats().droppedFrames > 0)
    const held = count - server.stats().droppedFrames
    slow.thaw()
    await slow.until(() => slow.heard.some(({ kind }) => kind === LOST))
    say(b, 't', 'later')
    const frames = () => slow.heard.filter(({ kind }) => kind === FRAME)
    await slow.until(() => frames().length === held + 1)
    const order = slow.heard
      .map(({ kind }) => kind)
      .filter((kind) => kind === FRAME || kind === LOST)
    assert.deepEqual(order, [...Array(held).fill(FRAME), LOST, FRAME])
    slow.close()
    for (const { broker } of [a, b]) await broker.stop()
    await server.stop()
  })

  it('leaves neither socket nor folder behind', async () => {
    const server = await serveIpc()
    assert.ok(process.platform === 'win32' || existsSync(server.path))
    const node = await nodeAt(server.path)
    await Promise.all([server.stop(), server.stop()])
    await node.heard.until('it is told', () => node.heard.healths.at(-1)?.connected === false)
    await node.broker.stop()
    assert.equal(existsSync(server.path), false)
  })

  it('does not take the place of one that lives', async () => {
    const server = await serveIpc()
    await assert.rejects(serveIpc({ path: server.path }), /EADDRINUSE/)
    const node = await nodeAt(server.path)
    assert.equal(node.heard.healths.at(-1)?.connected, true)
    await node.broker.stop()
    await server.stop()
  })
})

describe('a worker', () => {
  it('is told where its primary is, or does not begin', () => {
    assert.throws(() => createIpcBroker({ path: '' }), /no path to a primary/)
  })

  it('notices a primary that is frozen, keeps frames within bounds, and comes back', async () => {
    const primary = new PrimaryProcess()
    await primary.start()
    const limits = { heartbeatMs: 100, replyMsMax: 300, queueFramesMax: 50, ageMsMax: 60_000 }
    const [a, b] = [await nodeAt(primary.path, { limits }), await nodeAt(primary.path, { limits })]
    await a.broker.subscribe('t')
    await freeze(primary.pid)
    for (const { heard } of [a, b]) {
      await heard.until('it is told', () => heard.healths.at(-1)?.connected === false)
    }
    const taken = Array.from({ length: 60 }, (_, i) => b.broker.publish('t', bytes(`${i}`)))
    assert.equal(taken.filter((one) => one).length, 50)
    assert.equal(b.broker.droppedFrames, 10)
    process.kill(primary.pid, 'SIGCONT')
    for (const { heard } of [a, b]) {
      await heard.until('it is back', () => heard.healths.at(-1)?.connected === true)
    }
    await a.heard.until('the gap is told', () => a.heard.gaps.includes('t'))
    await a.broker.subscribe('t')
    // Answered after the frames that waited, which fill the queue until then.
    await b.broker.subscribe('other')
    say(b, 't', 'after')
    await hears(a, 't', 'after')
    for (const { broker } of [a, b]) await broker.stop()
    await primary.stop()
  })

  it('loses a frame that its primary finds too large, counts it, and goes on', async () => {
    const server = await serveIpc({ frameBytesMax: 100 })
    const [a, b] = [await nodeAt(server.path), await nodeAt(server.path)]
    await a.broker.subscribe('t')
    assert.equal(b.broker.publish('t', Buffer.alloc(101)), true)
    say(b, 't', 'small')
    await hears(a, 't', 'small')
    assert.deepEqual(a.heard.texts('t'), ['small'])
    assert.equal(b.broker.droppedFrames, 1)
    assert.equal(server.stats().malformed, 0)
    for (const { broker } of [a, b]) await broker.stop()
    await server.stop()
  })
})
