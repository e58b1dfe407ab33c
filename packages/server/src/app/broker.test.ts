// The chat server on each of its brokers, the real ones: two nodes over one store, the broker killed and started again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { nats } from '../../../../tests/services/nats.ts'
import { need, type Running } from '../../../../tests/services/part.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { ask } from '../testing/http.ts'
import { type StartedServer, startServer } from '../testing/start-server.ts'
import { guest, says, visit } from '../testing/visitor.ts'

const parts = { redis: await need(redis), nats: await need(nats) }

/** What carries frames in one test, and can be killed. */
interface Carrier {
  readonly env: Readonly<Record<string, string>>
  readonly servers: readonly Running[]
}

async function redisCarrier(): Promise<Carrier> {
  const server = await redis.start()
  return { env: { REDIS_URL: server.url }, servers: [server] }
}

async function partitionsCarrier(): Promise<Carrier> {
  const servers = [await redis.start(), await redis.start()]
  return { env: { REDIS_URL: servers.map(({ url }) => url).join() }, servers }
}

/** A server that wants no password does not mind one. */
async function natsCarrier(): Promise<Carrier> {
  const server = await nats.start()
  const url = `nats://anybody:not-to-be-logged@${server.host}:${server.port}`
  return { env: { NATS_URL: url }, servers: [server] }
}

const carriers = [
  { name: 'one Redis', part: parts.redis, start: redisCarrier },
  { name: 'two partitions on Redis', part: parts.redis, start: partitionsCarrier },
  { name: 'NATS', part: parts.nats, start: natsCarrier },
]

for (const { name, part, start } of carriers) {
  test(`two nodes on ${name} talk, also while it is away, and again after it`, {
    skip: part.skip,
  }, async () => {
    const carrier = await start()
    try {
      await using one = await startServer({ env: carrier.env })
      await using two = await startServer({
        env: { ...carrier.env, DATA_DIR: one.config.dataDir },
      })
      await talk(one, two, carrier)
    } finally {
      for (const server of carrier.servers) await server.stop()
    }
  })
}

async function talk(one: StartedServer, two: StartedServer, carrier: Carrier): Promise<void> {
  const ann = await guest(one.url, 'Ann')
  const params = { channelId: ann.channelId }
  using there = await visit(two.url, { auth: { name: 'Bob' } })
  const crosses = async (text: string) => {
    await ann.rest.call('createMessage', {
      params,
      body: { clientId: text.replaceAll(' ', '-'), text },
    })
    await there.event(says(text))
  }

  await until(two, 'ready', 1)
  const before = await framesReceived(two)
  await crosses('through the broker')
  assert.ok((await framesReceived(two)) > before, 'it came as a frame')

  for (const server of carrier.servers) await server.kill()
  await until(two, 'degraded', 0)
  await crosses('through the store')

  for (const server of carrier.servers) await server.restart()
  await until(one, 'ready', 1)
  await until(two, 'ready', 1)
  const between = await framesReceived(two)
  await crosses('through the broker again')
  assert.ok((await framesReceived(two)) > between, 'it came as a frame again')

  const lines = two.lines.join('\n')
  assert.match(lines, /The broker is there/)
  assert.match(lines, /The broker is away/)
  assert.doesNotMatch(lines, /not-to-be-logged/)
}

/** Until readiness says so; the metrics must say the same then. */
async function until(server: StartedServer, status: string, connected: 0 | 1): Promise<void> {
  for (;;) {
    const { body } = await ask(`${server.url}/health/readiness`)
    if (JSON.parse(body).status === status) break
    await sleep(50)
  }
  const page = await metricsOf(server)
  const isRedis = server.config.broker.kind === 'redis'
  const names = isRedis
    ? ['madang_broker_connected', 'redis_connection_status']
    : ['madang_broker_connected']
  for (const metric of names) {
    assert.match(page, new RegExp(`^${metric}\\{broker="[^"]+"\\} ${connected}$`, 'm'))
  }
}

async function framesReceived(server: StartedServer): Promise<number> {
  const found = /^madang_feed_total\{what="frame_received"\} (\d+)/m.exec(await metricsOf(server))
  return Number(found?.[1] ?? 0)
}

async function metricsOf(server: StartedServer): Promise<string> {
  return (await ask(`${server.url}/metrics`)).body
}
