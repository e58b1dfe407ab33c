// The files of deploy/nginx in a real nginx before three nodes: clients of every transport, with nothing that keeps them at one node.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type SpawnedServer, spawnServer } from '@madang/server/testing'
import { nginx } from '../services/nginx.ts'
import { need } from '../services/part.ts'
import { redis } from '../services/redis.ts'
import { converse } from './crowd.ts'

const FOLDER = join(import.meta.dirname, '../../deploy/nginx')
const parts = { nginx: await need(nginx), redis: await need(redis) }
const EACH = 200
const FEW = 8

/** What a request under this name is answered. */
function statusAs(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const path = '/health/liveness'
    const asked = request({ host: '127.0.0.1', port, path, headers: { host }, agent: false })
    asked.on('response', (answer) => resolve(answer.resume().statusCode))
    asked.on('error', reject)
    asked.end()
  })
}

describe('three nodes behind nginx', { skip: parts.nginx.skip || parts.redis.skip }, () => {
  const nodes: SpawnedServer[] = []
  let carrier: Awaited<ReturnType<typeof redis.start>>

  before(async () => {
    carrier = await redis.start()
    const env = {
      RATE_SCALE: '10000',
      TRUST_PROXY: '1',
      DRAIN_SECONDS: '0',
      REDIS_URL: carrier.url,
    }
    const first = await spawnServer({ env: { ...env, NODE_ID: 'node-1' } })
    nodes.push(first)
    const { dataDir } = first
    const others = ['node-2', 'node-3'].map((NODE_ID) =>
      spawnServer({ dataDir, env: { ...env, NODE_ID } }),
    )
    for (const other of others) nodes.push(await other)
  })

  after(async () => {
    for (const node of nodes.toReversed()) await node.stop()
    await carrier.stop()
  })

  /** Runs nginx with the file as it is, but for where things are. */
  async function behind(file: string, act: (port: number) => Promise<void>): Promise<void> {
    const text = readFileSync(join(FOLDER, file), 'utf8')
    const running = await nginx.start({
      http: (port) =>
        nodes
          .reduce(
            (conf, { url }, at) => conf.replaceAll(`node-${at + 1}:3000`, new URL(url).host),
            text.replace('listen 80;', `listen 127.0.0.1:${port};`),
          )
          .replaceAll('a.chat.example', '127.0.0.1')
          .replaceAll('b.chat.example', 'localhost'),
    })
    try {
      await act(running.port)
    } finally {
      await running.stop()
    }
  }

  /** The sum of a counter's samples, for each node. */
  const count = (metric: string) =>
    Promise.all(
      nodes.map(async ({ url }) => {
        const page = await (await fetch(`${url}/metrics`)).text()
        const samples = page.split('\n').filter((line) => line.startsWith(`${metric}{`))
        return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
      }),
    )
  const total = async (metric: string) => (await count(metric)).reduce((sum, one) => sum + one, 0)

  it(`in turn: ${EACH} of each transport, and no session is unknown`, async () => {
    await behind('round-robin.conf', (port) => converse(`http://127.0.0.1:${port}`, EACH))
    assert.ok((await total('madang_handed_over_total')) > EACH, 'else nothing was proved')
    for (const handshakes of await count('madang_handshakes_total')) {
      assert.ok(handshakes > EACH / 2, 'every node has its share')
    }
  })

  it('by the name in the session id: every node takes part, and nothing is handed over', async () => {
    const [handed, before] = [
      await total('madang_handed_over_total'),
      await count('madang_handshakes_total'),
    ]
    await behind('by-session.conf', (port) => converse(`http://127.0.0.1:${port}`, FEW))
    assert.equal(await total('madang_handed_over_total'), handed)
    for (const [at, now] of (await count('madang_handshakes_total')).entries()) {
      assert.ok(now > (before[at] ?? 0))
    }
  })

  it('by address: one node takes all of one address', async () => {
    const handed = await total('madang_handed_over_total')
    const before = await count('madang_handshakes_total')
    await behind('ip-hash.conf', (port) => converse(`http://127.0.0.1:${port}`, FEW))
    assert.equal(await total('madang_handed_over_total'), handed)
    const now = await count('madang_handshakes_total')
    assert.equal(now.filter((each, at) => each > (before[at] ?? 0)).length, 1)
  })

  it('by the host’s name: each part is served by its own nodes, and no other name by any', async () => {
    await behind('partitions.conf', async (port) => {
      const before = await count('madang_handshakes_total')
      await converse(`http://localhost:${port}`, FEW)
      const between = await count('madang_handshakes_total')
      assert.deepEqual(between.slice(0, 2), before.slice(0, 2))
      await converse(`http://127.0.0.1:${port}`, FEW)
      const then = await count('madang_handshakes_total')
      assert.equal(then[2], between[2])
      assert.ok((then[0] ?? 0) > (between[0] ?? 0) && (then[1] ?? 0) > (between[1] ?? 0))
      assert.equal(await statusAs('c.chat.example', port), 421)
      assert.equal(await statusAs('localhost', port), 200)
    })
  })

  it('keeps the metrics from the public, and passes on what is asked otherwise', async () => {
    for (const file of ['round-robin.conf', 'by-session.conf', 'ip-hash.conf', 'partitions.conf']) {
      await behind(file, async (port) => {
        const status = async (path: string) =>
          (await fetch(`http://127.0.0.1:${port}${path}`)).status
        assert.deepEqual([await status('/metrics'), await status('/health/readiness')], [404, 200])
      })
    }
  })
})
