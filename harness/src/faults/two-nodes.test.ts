import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nats } from '../../../tests/services/nats.ts'
import { need } from '../../../tests/services/part.ts'
import { redis } from '../../../tests/services/redis.ts'
import { type BrokerName, startCarrier } from './brokers.ts'
import { twoNodes } from './two-nodes.ts'

const [onRedis, onNats] = [await need(redis), await need(nats)]

for (const [name, { skip }] of [
  ['redis', onRedis],
  ['redis-cluster', onRedis],
  ['redis-partitions', onRedis],
  ['nats', onNats],
] as const satisfies readonly (readonly [BrokerName, { skip: string | false }])[]) {
  test(`two nodes on ${name}, killed and started again under load, lose, double and reorder nothing`, {
    skip,
    timeout: 300_000,
  }, async (t) => {
    const carrier = await startCarrier(name)
    try {
      const report = await twoNodes({
        env: carrier.env,
        outage: { cut: carrier.cut, heal: carrier.heal, awayMs: 3_000 },
        sendsPerSecond: 100,
        lifeMs: 1_000,
        restMsMax: 60_000,
        progress: (line) => t.diagnostic(line),
      })
      assert.deepEqual(report.verdict.witness, [])
      assert.equal(report.verdict.vacuous, false)
      assert.deepEqual(report.readiness, ['ready', 'degraded', 'ready'])
      assert.ok(report.framesReceived > 0, 'the broker carried nothing')
      assert.ok(report.acknowledged > 100, `only ${report.acknowledged} were acknowledged`)
    } finally {
      await carrier.stop()
    }
  })
}
