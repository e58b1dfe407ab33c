import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nats } from '../../../tests/services/nats.ts'
import { need } from '../../../tests/services/part.ts'
import { redis } from '../../../tests/services/redis.ts'
import { type BrokerName, startCarrier } from './brokers.ts'
import { severalNodes } from './several-nodes.ts'

const [onRedis, onNats] = [await need(redis), await need(nats)]

const common = { sendsPerSecond: 100, lifeMs: 800, restMsMax: 60_000 }

for (const [name, nodes, { skip }] of [
  ['redis', 3, onRedis],
  ['redis-cluster', 2, onRedis],
  ['redis-partitions', 2, onRedis],
  ['nats', 3, onNats],
] as const satisfies readonly (readonly [BrokerName, number, { skip: string | false }])[]) {
  test(`${nodes} nodes on ${name}, killed and started again under load, lose, double and reorder nothing`, {
    skip,
    timeout: 300_000,
  }, async (t) => {
    const { env, outage, stop } = await startCarrier(name)
    assert.ok(outage)
    try {
      const report = await severalNodes({
        ...common,
        nodes,
        env,
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
    }
  })
}

test('two nodes over one store without a broker lose, double and reorder nothing', {
  timeout: 300_000,
}, async (t) => {
  const report = await severalNodes({
    ...common,
    nodes: 2,
    env: {},
    progress: (line) => t.diagnostic(line),
  })
  assert.deepEqual(report.verdict.witness, [])
  assert.equal(report.verdict.vacuous, false)
  assert.equal(report.framesReceived, 0)
  assert.ok(report.acknowledged > 50, `only ${report.acknowledged} were acknowledged`)
  t.diagnostic(`the longest delay: ${report.longestDelayMs} ms`)
})
