import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freezeFamily } from '../../../../tests/services/freeze.ts'
import { need, type Running, type Service } from '../../../../tests/services/part.ts'
import { postgres } from '../../../../tests/services/postgres.ts'
import { redis } from '../../../../tests/services/redis.ts'
import { systemClock } from '../clock.ts'
import { createSqliteStore } from '../store/sqlite.ts'
import { createRestClient, type RestClient } from '../testing/rest-client.ts'
import { type StartedServer, startServer } from '../testing/start-server.ts'

/** A send that waited for the target would take its bound of five seconds at least. */
const sendMsMax = 4_000

const hourAt = Math.floor(Date.now() / 3_600_000) * 3_600_000

interface Ground {
  readonly server: StartedServer
  readonly ann: RestClient
  /** Sends so many messages, one after the other, and resolves to the longest time that one took, in ms. */
  send(count: number): Promise<number>
  /** Messages of the kind text, as far as they were written. */
  written(): Promise<number>
}

async function ground(t: TestContext, statsUrl: string): Promise<Ground> {
  const server = await startServer({
    env: { STATS_URL: statsUrl, RATE_SCALE: '1000', LOG_LEVEL: 'warn' },
    // The hour does not end within the test.
    surroundings: { clock: { ...systemClock, now: () => hourAt + Math.floor(performance.now()) } },
  })
  t.after(() => server.stop())
  const stranger = createRestClient(server.url)
  const { person, session } = await stranger.call('createGuest', { body: { name: 'Ann' } })
  const ann = stranger.as(session.token)
  const store = createSqliteStore({ file: `${server.config.dataDir}/madang.db` })
  await store.start()
  await store.changePerson(person.id, { operator: true })
  await store.stop()
  const [channel] = (await ann.call('listUnread')).channels
  let sent = 0
  return {
    ...{ server, ann },
    async send(count) {
      let longestMs = 0
      for (let n = 0; n < count; n += 1) {
        const beganAt = performance.now()
        sent += 1
        await ann.call('createMessage', {
          params: { channelId: channel?.channelId ?? '' },
          body: { clientId: `c${sent}`, text: 'hi' },
        })
        longestMs = Math.max(longestMs, performance.now() - beganAt)
      }
      return longestMs
    },
    async written() {
      const { hours } = await ann.call('getStats')
      return hours.reduce((sum, { messages }) => sum + (messages.text ?? 0), 0)
    },
  }
}

/** Asks until so many are written: whoever reads has what is unwritten written first. */
async function until({ written }: Ground, messages: number): Promise<void> {
  for (;;) {
    const found = await written().catch(() => -1)
    if (found === messages) return
    assert.ok(found < messages, `${found} messages are counted, more than were sent`)
    await sleep(100)
  }
}

async function isAway(ann: RestClient): Promise<void> {
  const answer = await ann.raw('getStats')
  await answer.text()
  assert.equal(answer.status, 503)
}

const targets: readonly (readonly [string, Service, string])[] = [
  ['PostgreSQL', postgres, (await need(postgres)).skip || ''],
  ['Redis', redis, (await need(redis)).skip || ''],
]

for (const [name, part, missing] of targets) {
  test(`chat goes on while ${name} with the counts is frozen and killed, and none is lost or counted twice`, {
    skip: missing === '' ? false : missing,
  }, async (t) => {
    const target: Running = await part.start()
    let thaw = () => {}
    t.after(async () => {
      thaw()
      await target.stop()
    })
    const here = await ground(t, target.url)
    await here.send(5)
    await until(here, 5)
    thaw = await freezeFamily(target.pid)
    const asked = isAway(here.ann)
    const frozenMs = await here.send(20)
    assert.ok(frozenMs < sendMsMax, `a send took ${frozenMs} ms while the target was frozen`)
    await asked
    thaw()
    await until(here, 25)
    await target.kill()
    const killedMs = await here.send(20)
    assert.ok(killedMs < sendMsMax, `a send took ${killedMs} ms while the target was dead`)
    await isAway(here.ann)
    await target.restart()
    if (name === 'Redis') await here.send(1)
    const total = name === 'Redis' ? 46 : 45
    await until(here, total)
    const table = await here.ann.raw('getStatsTable')
    assert.match(table.headers.get('content-type') ?? '', /^text\/csv/)
    assert.match(await table.text(), new RegExp(`,messages\\.text,${total}\\r\\n`))
  })
}

test('without a word counts are kept in the store, and with "off" nowhere', async (t) => {
  const here = await ground(t, 'store')
  await here.send(3)
  await until(here, 3)
  const { hours } = await here.ann.call('getStats')
  assert.equal(hours.at(-1)?.events.created, 3)
  const nowhere = await ground(t, 'off')
  await nowhere.send(1)
  assert.deepEqual((await nowhere.ann.call('getStats')).hours, [])
})
