// The API process killed while people talk through a gateway, and started again: processes of their own, as in production.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LogEvent } from '@madang/protocol'
import { ask } from '../testing/http.ts'
import { createRestClient } from '../testing/rest-client.ts'
import { spawnServer } from '../testing/spawn-server.ts'
import { type Visitor, visit } from '../testing/visitor.ts'

const API_SECRET = 'k3Vb9wQx7ZpL2mNs8RtY4uHj6GfD1cAe'
const sendersCount = 4

interface Talk {
  /** Client ids that were acknowledged, with their seqs. */
  readonly acknowledged: Map<string, number>
  readonly refusals: Set<string>
  isOver: boolean
}

/** Sends one message after the other; what is refused for now is sent again under the same client id. */
async function keepTalking({ socket }: Visitor, channelId: string, talk: Talk): Promise<void> {
  for (let n = 0; !talk.isOver; n += 1) {
    const message = { channelId, clientId: `${socket.id}-${n}`, text: 'on and on' }
    for (;;) {
      const answer = await socket.emitWithAck('send', message)
      if (answer.ok) {
        talk.acknowledged.set(message.clientId, answer.seq)
        break
      }
      talk.refusals.add(`${answer.error.code}, retry ${answer.error.retry}`)
      await sleep(20)
    }
    // As fast as one person's rate allows, with RATE_SCALE.
    await sleep(5)
  }
}

function created(events: readonly LogEvent[]): readonly (readonly [string, number])[] {
  return events.flatMap((event) =>
    event.kind === 'created' ? [[event.clientId, event.seq] as const] : [],
  )
}

async function wholeLog(url: string, token: string, channelId: string): Promise<LogEvent[]> {
  const rest = createRestClient(url, token)
  const log: LogEvent[] = []
  for (;;) {
    const query = { after: log.at(-1)?.seq ?? 0, limit: 200 }
    const { events } = await rest.call('listEvents', { params: { channelId }, query })
    if (events.length === 0) return log
    log.push(...events)
  }
}

test('the API process is killed while people talk: nobody is disconnected, nothing is lost or doubled', async () => {
  const env = { API_SECRET, RATE_SCALE: '1000' }
  await using first = await spawnServer({ env: { ...env, ROLES: 'api' } })
  await using gateway = await spawnServer({
    env: { ...env, ROLES: 'gateway', API_URL: first.url },
  })
  const stranger = createRestClient(gateway.url)
  const { session } = await stranger.call('createGuest', { body: { name: 'Listener' } })
  const listener = await visit(gateway.url, { auth: { token: session.token } })
  const senders = await Promise.all(
    Array.from({ length: sendersCount }, (_, n) =>
      visit(gateway.url, { auth: { name: `Sender ${n}` } }),
    ),
  )
  const visitors = [listener, ...senders]
  try {
    const sids = visitors.map(({ socket }) => socket.id)
    const heard: LogEvent[] = []
    listener.socket.on('event', (event: LogEvent) => heard.push(event))
    const channelId = listener.ready.channels[0]?.id ?? assert.fail()
    const talk: Talk = {
      acknowledged: new Map(),
      refusals: new Set(),
      isOver: false,
    }
    const talking = Promise.all(senders.map((sender) => keepTalking(sender, channelId, talk)))
    const more = async (count: number) => {
      const until = talk.acknowledged.size + count
      while (talk.acknowledged.size < until) await sleep(10)
    }

    await more(50)
    await first.kill('SIGKILL')
    while (talk.refusals.size === 0) await sleep(10)
    assert.equal((await ask(`${gateway.url}/health/liveness`)).status, 200)
    while ((await ask(`${gateway.url}/health/readiness`)).status !== 503) await sleep(50)

    await using second = await first.restart()
    await more(50)
    await second.kill('SIGKILL')
    await using third = await second.restart()
    await more(50)
    talk.isOver = true
    await talking
    while ((await ask(`${gateway.url}/health/readiness`)).status !== 200) await sleep(50)

    assert.deepEqual([...talk.refusals], ['unavailable, retry later'])
    assert.deepEqual(
      visitors.map(({ socket }) => socket.id),
      sids,
    )
    const log = await wholeLog(third.url, session.token, channelId)
    assert.deepEqual(
      log.map(({ seq }) => seq),
      log.map((_, index) => index + 1),
    )
    const stored = created(log)
    assert.equal(new Set(stored.map(([id]) => id)).size, stored.length, 'each once')
    const seqs = new Map(stored)
    for (const [id, seq] of talk.acknowledged) assert.equal(seqs.get(id), seq, id)
    assert.equal(stored.length, talk.acknowledged.size)
    while (created(heard).length < stored.length) await sleep(20)
    assert.deepEqual(created(heard), stored, 'the listener heard each once, in order')
  } finally {
    for (const { socket } of visitors) socket.disconnect()
  }
})
