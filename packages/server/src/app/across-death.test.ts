// A node is killed with SIGKILL: who was there is offline on the other node within the stated time, and types no more.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LIMITS } from '@madang/protocol'
import { need } from '../../../../tests/services/part.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { GATEWAY_BOUNDS } from '../gateway/bounds.ts'
import { listenTo } from '../testing/listening.ts'
import { untilReadiness } from '../testing/ops-pages.ts'
import { spawnServer } from '../testing/spawn-server.ts'
import { guest, visit } from '../testing/visitor.ts'

const carrier = await need(redis)

/** What docs/operating/across-nodes.md says, in ms: the silence, the pulse after which it is seen, and the interval of telling. */
const offlineMsMax =
  GATEWAY_BOUNDS.nodeSilenceMsMax + GATEWAY_BOUNDS.pulseMs + LIMITS.presenceIntervalMs

test('a killed node’s people are offline elsewhere within the stated time, but for who is on another node too', {
  skip: carrier.skip,
  timeout: 120_000,
}, async (t) => {
  const server = await redis.start()
  try {
    const env = { REDIS_URL: server.url }
    await using one = await spawnServer({ env })
    await using two = await spawnServer({ env, dataDir: one.dataDir })
    for (const { url } of [one, two]) await untilReadiness(url, 'ready')
    const [ann, bob, cyd] = [
      await guest(one.url, 'Ann'),
      await guest(one.url, 'Bob'),
      await guest(one.url, 'Cyd'),
    ]
    using watching = await visit(one.url, { auth: { token: ann.token } })
    const seen = listenTo(watching.socket)
    using _bobs = await visit(two.url, { auth: { token: bob.token }, reconnection: false })
    using _cyds = await visit(two.url, { auth: { token: cyd.token }, reconnection: false })
    using _other = await visit(one.url, { auth: { token: cyd.token } })
    for (const { person } of [bob, cyd]) {
      await seen.told('presence', ({ online }) => online.some(({ id }) => id === person.id))
    }
    await _bobs.socket.emitWithAck('typing', { channelId: ann.channelId, typing: true })
    await seen.told('typing', ({ people }) => people.some(({ id }) => id === bob.person.id))

    const killedAt = performance.now()
    await two.kill('SIGKILL')
    await seen.told('typing', ({ people }) => people.length === 0)
    t.diagnostic(`typing ended after ${Math.round(performance.now() - killedAt)} ms`)
    const { offline } = await seen.told('presence', (change) => change.offline.length > 0)
    const tookMs = Math.round(performance.now() - killedAt)
    t.diagnostic(`offline after ${tookMs} ms; stated: ${offlineMsMax}`)
    assert.deepEqual(offline, [bob.person.id])
    // Not the stated time, as the machine may be slow; but long before repeats that do not come would tell.
    assert.ok(tookMs < GATEWAY_BOUNDS.presenceSilenceMsMax, `${tookMs} ms`)
  } finally {
    await server.stop()
  }
})
