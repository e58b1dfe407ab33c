// One person floods three nodes over a real Redis: what all of them give together stays within what is promised.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { RATES } from '@madang/protocol'
import { need } from '../../../../tests/services/part.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { QUIET_SHARE } from '../doors/buckets.ts'
import { metricOf, untilReadiness } from '../testing/ops-pages.ts'
import { createRestClient, type RestClient } from '../testing/rest-client.ts'
import { type StartedServer, startServer } from '../testing/start-server.ts'
import { guest } from '../testing/visitor.ts'

const carrier = await need(redis)
const { burst, perSecond } = RATES.person

/** Writes until it is refused; resolves to how many were accepted. */
async function flood(rest: RestClient, channelId: string, name: string): Promise<number> {
  for (let n = 0; ; n++) {
    const body = { clientId: `${name}-${n}`, text: 'x' }
    const answer = await rest.raw('createMessage', { params: { channelId }, body })
    await answer.arrayBuffer()
    if (answer.status === 429) return n
    assert.equal(answer.status, 201)
  }
}

async function untilHeard({ url }: StartedServer): Promise<void> {
  while ((await metricOf(url, 'madang_rate_notes_total{what="received"}')) === 0) await sleep(50)
}

test('whoever has used up their rate on one node finds it used up on the others', {
  skip: carrier.skip,
  timeout: 60_000,
}, async (t) => {
  const server = await redis.start()
  try {
    const env = { REDIS_URL: server.url }
    await using one = await startServer({ env })
    const more = { ...env, DATA_DIR: one.config.dataDir }
    await using two = await startServer({ env: more })
    await using three = await startServer({ env: more })
    for (const { url } of [one, two, three]) await untilReadiness(url, 'ready')
    const ann = await guest(one.url, 'Ann')
    const beganAt = performance.now()
    const first = await flood(ann.rest, ann.channelId, 'one')
    assert.ok(first >= burst)
    for (const node of [two, three]) await untilHeard(node)
    let others = 0
    for (const [name, { url }] of Object.entries({ two, three })) {
      others += await flood(createRestClient(url).as(ann.token), ann.channelId, name)
    }
    const seconds = (performance.now() - beganAt) / 1_000
    t.diagnostic(`${first} on the first node, ${others} on the others, in ${seconds.toFixed(1)} s`)
    // Each of the others owes what the first node told, and not what it gave without a word.
    const most = 2 * (seconds * perSecond + burst * QUIET_SHARE + 1)
    assert.ok(others <= most, `${others} are more than ${most}`)
    const sent = await metricOf(one.url, 'madang_rate_notes_total{what="sent"}')
    assert.ok(sent <= seconds + 2, `${sent} notes in ${seconds} s`)
  } finally {
    await server.stop()
  }
})
