import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nats } from '../../../tests/services/nats.ts'
import { need } from '../../../tests/services/part.ts'
import { postgres } from '../../../tests/services/postgres.ts'
import { redis } from '../../../tests/services/redis.ts'
import { type BrokerName, startCarrier } from './brokers.ts'
import { severalNodes } from './several-nodes.ts'
import { type StoreName, startShelf } from './stores.ts'

const [onRedis, onNats, onPostgres] = [await need(redis), await need(nats), await need(postgres)]

const common = { sendsPerSecond: 100, lifeMs: 800, restMsMax: 60_000 }

interface Row {
  readonly broker: BrokerName
  readonly store: StoreName
  readonly nodes: number
  readonly skip: string | false
}

const rows: readonly Row[] = [
  { broker: 'redis', store: 'postgres', nodes: 3, skip: onRedis.skip || onPostgres.skip },
  { broker: 'redis-cluster', store: 'sqlite', nodes: 2, skip: onRedis.skip },
  { broker: 'redis-partitions', store: 'sqlite', nodes: 2, skip: onRedis.skip },
  { broker: 'nats', store: 'sqlite', nodes: 3, skip: onNats.skip },
]

for (const { broker, store, nodes, skip } of rows) {
  test(`${nodes} nodes on ${store} and ${broker}, killed and started again under load, lose, double and reorder nothing`, {
    skip,
    timeout: 300_000,
  }, async (t) => {
    const shelf = await startShelf(store)
    const { env, outage, stop } = await startCarrier(broker)
    assert.ok(outage)
    try {
      const report = await severalNodes({
        ...common,
        nodes,
        env: { ...env, ...shelf.env },
        outage: { ...outage, awayMs: 2_000 },
        progress: (line) => t.diagnostic(line),
      })
      assert.deepEqual(report.verdict.witness, [])
      assert.equal(report.verdict.vacuous, false)
      assert.deepEqual(report.readiness, ['ready', 'degraded', 'ready'])
      assert.ok(report.framesReceived > 0, 'the broker carried nothing')
      assert.ok(report.acknowledged > 100, `only ${report.acknowledged} were acknowledged`)
      t.diagnostic(`the longest delay: ${report.longestDelayMs} ms`)
    } finally {
      await stop()
      await shelf.stop()
    }
  })
}

test('two nodes on one PostgreSQL without a broker lose, double and reorder nothing', {
  skip: onPostgres.skip,
  timeout: 300_000,
}, async (t) => {
  const shelf = await startShelf('postgres')
  try {
    const report = await severalNodes({
      ...common,
      nodes: 2,
      env: shelf.env,
      progress: (line) => t.diagnostic(line),
    })
    assert.deepEqual(report.verdict.witness, [])
    assert.equal(report.verdict.vacuous, false)
    assert.equal(report.framesReceived, 0)
    assert.ok(report.acknowledged > 50, `only ${report.acknowledged} were acknowledged`)
    t.diagnostic(`the longest delay: ${report.longestDelayMs} ms`)
  } finally {
    await shelf.stop()
  }
})
