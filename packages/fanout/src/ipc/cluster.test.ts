import assert from 'node:assert/strict'
import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type IpcServer, serveIpc } from '../brokers/ipc.ts'
import type { WorkerOrder, WorkerWord } from '../testing/ipc-worker-process.ts'

/** A real worker of node:cluster, and what it said. */
class Hand {
  readonly worker: Worker
  readonly said: WorkerWord[] = []
  readonly gone: Promise<unknown>
  #look = () => {}

  constructor(env: Readonly<Record<string, string>>) {
    this.worker = cluster.fork(env)
    this.gone = once(this.worker, 'exit')
    this.worker.on('message', (word: WorkerWord) => {
      this.said.push(word)
      this.#look()
    })
  }

  until(ready: (word: WorkerWord) => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => {
        if (this.said.some(ready)) resolve()
      }
      this.#look()
    })
  }

  async does(order: WorkerOrder): Promise<void> {
    const done = () => this.said.filter(({ say }) => say === 'done').length
    const before = done()
    this.worker.send(order)
    await this.until(() => done() > before)
  }

  heard(topic: string): readonly string[] {
    return this.said.flatMap((word) =>
      word.say === 'frame' && word.topic === topic ? word.text : [],
    )
  }
}

describe('workers of node:cluster', () => {
  let server: IpcServer
  const hands: Hand[] = []

  before(async () => {
    server = await serveIpc()
    cluster.setupPrimary({ exec: join(import.meta.dirname, '../testing/ipc-worker-process.ts') })
    for (let i = 0; i < 3; i++) hands.push(new Hand(server.env))
    for (const hand of hands) await hand.until(({ say }) => say === 'ready')
  })

  after(async () => {
    const left = hands.filter(({ worker }) => !worker.isDead())
    for (const { worker } of left) worker.process.kill('SIGKILL')
    await Promise.all(left.map(({ gone }) => gone))
    await server.stop()
  })

  it('hear each other by interest, and one that is killed leaves none behind', async () => {
    const [a, b, c] = hands
    assert.ok(a && b && c)
    await a.does({ do: 'subscribe', topic: '마당' })
    for (const topic of ['마당', 'of b alone', 'of b too']) await b.does({ do: 'subscribe', topic })
    await c.does({ do: 'publish', topic: 'of b alone', text: 'for b' })
    await c.does({ do: 'publish', topic: '마당', text: 'for both' })
    const last = (word: WorkerWord) => word.say === 'frame' && word.text === 'for both'
    await Promise.all([a.until(last), b.until(last)])
    assert.deepEqual(a.heard('of b alone'), [])
    assert.deepEqual(b.heard('of b alone'), ['for b'])
    assert.deepEqual(server.stats(), { workers: 3, topics: 3, droppedFrames: 0, malformed: 0 })

    b.worker.process.kill('SIGKILL')
    await b.gone
    while (server.stats().workers > 2) await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual(server.stats(), { workers: 2, topics: 1, droppedFrames: 0, malformed: 0 })
    await c.does({ do: 'publish', topic: '마당', text: 'to the living' })
    await a.until((word) => word.say === 'frame' && word.text === 'to the living')

    for (const hand of [a, c]) await hand.does({ do: 'stop' })
    await Promise.all([a.gone, c.gone])
    while (server.stats().workers > 0) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(server.stats().topics, 0)
  })
})
