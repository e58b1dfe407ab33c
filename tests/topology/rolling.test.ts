// A deploy behind a real nginx, new nodes first: three nodes are replaced by three others while people talk through our client and through stock ones.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, createClient } from '@madang/client'
import type { LogEvent } from '@madang/protocol'
import { createRestClient, type SpawnedServer, spawnServer } from '@madang/server/testing'
import { io, type Socket } from 'socket.io-client'
import { eventually } from '../e2e/eventually.ts'
import { nginx } from '../services/nginx.ts'
import { need } from '../services/part.ts'
import { redis } from '../services/redis.ts'
import { freePort } from '../services/server-process.ts'
import { Switch } from './switch.ts'

const CONF = join(import.meta.dirname, '../../deploy/nginx/round-robin.conf')
const parts = { nginx: await need(nginx), redis: await need(redis) }
const EACH = 6
const SEND_MS = 50

/** The file as it is, but for where it listens and where its three nodes are. */
function withNodesAt(ports: readonly number[], port: number): string {
  return ports.reduce(
    (conf, each, at) => conf.replace(`node-${at + 1}:3000`, `127.0.0.1:${each}`),
    readFileSync(CONF, 'utf8').replace('listen 80;', `listen 127.0.0.1:${port};`),
  )
}

/** What one person saw: texts in order, the longest silence, and how often they came to another node. */
interface Seat {
  readonly name: string
  readonly texts: () => readonly string[]
  readonly moves: () => number
  readonly longestMs: () => number
  readonly troubles: readonly string[]
  stop(): Promise<void> | void
}

function silence() {
  let lastAt = performance.now()
  let longestMs = 0
  return {
    heard: () => {
      longestMs = Math.max(longestMs, performance.now() - lastAt)
      lastAt = performance.now()
    },
    longestMs: () => Math.round(longestMs),
  }
}

async function ours(url: string, token: string, channelId: string, name: string): Promise<Seat> {
  const client: Client = createClient({ url, token })
  client.start()
  const channel = client.open(channelId)
  const nodes: string[] = []
  const troubles: string[] = []
  const quiet = silence()
  const texts = () =>
    channel
      .snapshot()
      .items.flatMap((item) => (item.kind === 'message' && item.text !== null ? [item.text] : []))
  client.session.subscribe(() => {
    const { node, status } = client.session.snapshot().connection
    if (node !== undefined && node !== nodes.at(-1)) nodes.push(node)
    if (nodes.length > 0 && status !== 'online') troubles.push(status)
  })
  let count = 0
  channel.subscribe(() => {
    if (texts().length > count) quiet.heard()
    count = texts().length
  })
  await eventually(() => assert.ok(channel.snapshot().loaded), 30_000)
  return {
    ...{ name, texts, troubles },
    moves: () => nodes.length - 1,
    longestMs: quiet.longestMs,
    stop: () => client.stop(),
  }
}

async function stock(
  url: string,
  token: string,
  channelId: string,
  transport: 'websocket' | 'polling',
): Promise<Seat> {
  const texts: string[] = []
  const troubles: string[] = []
  const quiet = silence()
  let last = 0
  let readies = 0
  const socket: Socket = io(url, {
    auth: (show) => show({ token, cursors: { [channelId]: last } }),
    ...{ transports: [transport], forceNew: true },
  })
  const take = (event: LogEvent) => {
    if (event.channelId !== channelId || event.seq <= last) return
    last = event.seq
    if (event.kind === 'created' && event.text !== null) texts.push(event.text)
    quiet.heard()
  }
  socket.on('event', take)
  socket.on('disconnect', (reason) => reason !== 'transport close' && troubles.push(reason))
  socket.on('ready', ({ replays }: { replays: readonly { events: readonly LogEvent[] }[] }) => {
    readies++
    for (const { events } of replays) for (const event of events) take(event)
  })
  await eventually(() => assert.ok(readies > 0), 30_000)
  return {
    ...{ name: `stock ${transport}`, texts: () => texts, troubles },
    moves: () => readies - 1,
    longestMs: quiet.longestMs,
    stop: () => void socket.disconnect(),
  }
}

test('new nodes first: everybody moves once at the most, and nobody misses a word', {
  skip: parts.nginx.skip || parts.redis.skip,
  timeout: 240_000,
}, async (t) => {
  const carrier = await redis.start()
  const ports = await Promise.all(Array.from({ length: 6 }, freePort))
  const nodes: SpawnedServer[] = []
  const start = async (at: number) => {
    const dataDir = nodes[0]?.dataDir
    const env = {
      ...{ PORT: String(ports[at]), NODE_ID: `n-${at + 1}`, REDIS_URL: carrier.url },
      ...{ TRUST_PROXY: '1', RATE_SCALE: '1000', DRAIN_SECONDS: '3' },
    }
    nodes.push(await spawnServer({ env, ...(dataDir && { dataDir }) }))
  }
  for (const at of [0, 1, 2]) await start(at)
  const before = await nginx.start({ http: (port) => withNodesAt(ports.slice(0, 3), port) })
  const after = await nginx.start({ http: (port) => withNodesAt(ports.slice(3), port) })
  const proxy = await Switch.before(before.port)
  const { url } = proxy
  const seats: Seat[] = []
  try {
    const stranger = createRestClient(url)
    const { session } = await stranger.call('createGuest', { body: { name: 'Crowd' } })
    const rest = stranger.as(session.token)
    const channelId = (await rest.call('listUnread')).channels[0]?.channelId ?? assert.fail()
    for (let i = 0; i < EACH; i++) {
      seats.push(await ours(url, session.token, channelId, 'ours'))
      seats.push(await stock(url, session.token, channelId, i % 2 === 0 ? 'websocket' : 'polling'))
    }
    const sent: string[] = []
    let speaker = rest
    let isOver = false
    const talk = async () => {
      while (!isOver) {
        const text = `message ${sent.length + 1}`
        sent.push(text)
        await said(() => speaker, channelId, text)
        await sleep(SEND_MS)
      }
    }
    const talking = talk()
    await sleep(500)
    for (const at of [3, 4, 5]) await start(at)
    proxy.leadTo(after.port)
    // A reload ends kept connections that carry no request.
    speaker = createRestClient(after.url, session.token)
    const exits: (number | null)[] = []
    for (const old of nodes.slice(0, 3)) exits.push(await old.kill('SIGTERM'))
    await sleep(500)
    isOver = true
    await talking
    assert.deepEqual(exits, [0, 0, 0])
    for (const seat of seats) {
      await eventually(() => assert.deepEqual(seat.texts(), sent), 30_000)
      assert.equal(seat.moves(), 1, `${seat.name} moved ${seat.moves()} times`)
      assert.deepEqual(seat.troubles, [], seat.name)
    }
    for (const kind of new Set(seats.map(({ name }) => name))) {
      const longest = seats.filter(({ name }) => name === kind).map((seat) => seat.longestMs())
      t.diagnostic(`${kind}: the longest silence was ${Math.max(...longest)} ms of ${SEND_MS}`)
    }
  } finally {
    for (const seat of seats) await seat.stop()
    await proxy.stop()
    await before.stop()
    await after.stop()
    for (const node of nodes.toReversed()) await node.stop()
    await carrier.stop()
  }
})

/** Again until it is acknowledged: the client id makes it one message. */
async function said(
  speaker: () => ReturnType<typeof createRestClient>,
  channelId: string,
  text: string,
): Promise<void> {
  const body = { clientId: text.replace(' ', '-'), text }
  for (;;) {
    try {
      await speaker().call('createMessage', { params: { channelId }, body })
      return
    } catch {
      await sleep(20)
    }
  }
}
