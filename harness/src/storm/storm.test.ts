import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runStorm } from './storm.ts'

test('a storm is let in at the node’s pace; all are in at the end, and those who talk lose nothing', {
  timeout: 120_000,
}, async () => {
  const clients = 120
  const connectsPerSecond = 40
  const figure = await runStorm({
    ...{ clients, connectsPerSecond, survivors: 5, messagesPerSecond: 10, missed: 5 },
    ...{ calmMs: 300, patienceMs: 100_000, processes: 2 },
  })
  assert.equal(figure.entered, clients)
  assert.equal(figure.replayed, clients * 5)
  // The bucket and what fills it in a second; how fast the machine is makes it fewer.
  assert.ok(
    figure.busiestSecond <= 2 * connectsPerSecond + 5,
    `${figure.busiestSecond} in a second`,
  )
  assert.ok(figure.told + figure.unread > 0, 'else nothing was proved')
  assert.deepEqual([figure.failed, figure.losses, figure.missing], [0, 0, 0])
  assert.ok(figure.storm.deliveries > 0)
})
