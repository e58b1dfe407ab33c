// A Redis that is absent at the start, comes, stands still and dies: chat goes on, one line says so, and everything comes back by itself.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { need } from '../../../../tests/services/part.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { metricOf, readinessOf, untilReadiness } from '../testing/ops-pages.ts'
import { type StartedServer, startServer } from '../testing/start-server.ts'
import { guest, says, visit } from '../testing/visitor.ts'

const server = await need(redis)
const CALM = new Set(['trace', 'debug', 'info'])

/** Lines of the log that speak of the broker, with their level. */
function brokerLines({ lines }: StartedServer): { readonly level: string; readonly msg: string }[] {
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ level, msg }) => !CALM.has(level) || /broker/.test(msg))
    .map(({ level, msg }) => ({ level, msg }))
}

async function expectAway(nodes: readonly StartedServer[]): Promise<void> {
  for (const { url } of nodes) {
    assert.deepEqual(await untilReadiness(url, 'degraded'), {
      http: 200,
      status: 'degraded',
      broker: 'down',
    })
    assert.equal(await metricOf(url, 'redis_connection_status{broker="redis"}'), 0)
  }
}

async function expectThere(nodes: readonly StartedServer[]): Promise<void> {
  for (const { url } of nodes) {
    assert.equal((await untilReadiness(url, 'ready')).http, 200)
    assert.equal(await metricOf(url, 'redis_connection_status{broker="redis"}'), 1)
  }
}

test('a Redis that is absent, stands still or dies is one warning each time, and chat goes on across nodes', {
  skip: server.skip,
  timeout: 120_000,
}, async () => {
  const carrier = await redis.start()
  await carrier.kill()
  try {
    const env = { REDIS_URL: carrier.url }
    await using one = await startServer({ env })
    await using two = await startServer({ env: { ...env, DATA_DIR: one.config.dataDir } })
    const nodes = [one, two]
    assert.equal((await readinessOf(one.url)).status, 'degraded')
    const ann = await guest(one.url, 'Ann')
    using there = await visit(two.url, { auth: { name: 'Bob' } })
    const crosses = async (text: string) => {
      const body = { clientId: text.replaceAll(' ', '-'), text }
      await ann.rest.call('createMessage', { params: { channelId: ann.channelId }, body })
      await there.event(says(text))
    }

    await expectAway(nodes)
    await crosses('absent at the start')
    await carrier.restart()
    await expectThere(nodes)
    await crosses('there')

    process.kill(carrier.pid, 'SIGSTOP')
    await expectAway(nodes)
    await crosses('standing still')
    process.kill(carrier.pid, 'SIGCONT')
    await expectThere(nodes)

    await carrier.kill()
    await expectAway(nodes)
    await crosses('dead')
    await carrier.restart()
    await expectThere(nodes)
    await crosses('there again')

    for (const node of nodes) {
      const told = brokerLines(node)
      assert.deepEqual(
        told.map(({ level, msg }) => [level, msg.split(/[:,]/)[0]]),
        [1, 2, 3].flatMap(() => [
          ['warn', 'The broker is away'],
          ['info', 'The broker is back'],
        ]),
        JSON.stringify(told),
      )
      assert.equal(await metricOf(node.url, 'madang_broker_outages_total{broker="redis"}'), 3)
      assert.ok((await metricOf(node.url, 'madang_broker_away_seconds_total{broker="redis"}')) > 0)
    }
  } finally {
    await carrier.stop()
  }
})
