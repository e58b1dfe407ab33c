import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { openSocket } from '@madang/client'
import type { ClusterView } from '@madang/protocol'
import type { Rest } from '../../rest.ts'
import { createLive } from './live.ts'
import { newNode, newView } from './node.case.ts'

type LinkParts = Parameters<typeof openSocket>[0]

/** A page whose clock, sockets and answers are the test's. */
function ground() {
  let now = 0
  let beat = () => {}
  const links: { parts: LinkParts; asked: unknown[]; isClosed: boolean }[] = []
  const calls: string[] = []
  const call = async (name: string) => {
    calls.push(name)
    return name === 'follow' ? { ok: true, entries: [] } : { ok: true, ...newView(now) }
  }
  const live = createLive({
    open: (parts) => {
      const link = { parts, asked: [] as unknown[], isClosed: false }
      links.push(link)
      return {
        request: (_, payload) => void link.asked.push(payload),
        retire: () => {},
        close: () => {
          link.isClosed = true
        },
      }
    },
    rest: { call: call as unknown as Rest['call'] },
    every: (_, act) => {
      beat = act
      return () => {
        beat = () => {}
      }
    },
    now: () => now,
    random: () => 0.5,
  })
  return {
    ...{ live, links, calls },
    /** Time passes, beat by beat, and what was asked is answered. */
    async pass(ms: number) {
      for (const end = now + ms; now < end; ) {
        now += 500
        beat()
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    hear(name: string, payload: unknown) {
      const heard: unknown = Reflect.get(links.at(-1)?.parts.listener ?? {}, name)
      assert.ok(typeof heard === 'function', name)
      heard(payload)
    },
    view: (): ClusterView => newView(now, newNode('n1')),
  }
}

test('whoever looks observes as soon as the socket is ready, and is live with the first look', async () => {
  const { live, links, hear, view, pass } = ground()
  live.start()
  await pass(500)
  assert.equal(live.snapshot().mode, 'waiting')
  hear('ready', {})
  assert.deepEqual(links[0]?.asked, [{ cluster: true }])
  hear('cluster', view())
  assert.equal(live.snapshot().mode, 'live')
  live.follow({ personId: 'p' })
  assert.deepEqual(links[0]?.asked.at(-1), { cluster: true, follow: { personId: 'p' } })
  live.stop()
  assert.equal(links[0]?.isClosed, true)
})

test('while the socket is away it asks every five seconds, and observes the same when it is back', async () => {
  const { live, links, calls, hear, view, pass } = ground()
  live.start()
  hear('ready', {})
  hear('cluster', view())
  live.follow({ channelId: 'c' })
  calls.length = 0
  links[0]?.parts.closed('transport close')
  await pass(20_000)
  assert.equal(live.snapshot().mode, 'asking')
  const asked = calls.filter((name) => name === 'getCluster').length
  assert.ok(asked >= 3 && asked <= 5, `${asked} in 20 s`)
  assert.ok(calls.includes('follow'), 'what is followed goes on')
  assert.ok(links.length > 1, 'it connects again')
  hear('ready', {})
  assert.deepEqual(links.at(-1)?.asked, [{ cluster: true, follow: { channelId: 'c' } }])
  hear('cluster', view())
  assert.equal(live.snapshot().mode, 'live')
})

test('a node that goes away is left for another, and one that says nothing is given up', async () => {
  const { live, links, hear, view, pass } = ground()
  live.start()
  hear('cluster', view())
  hear('goaway', { withinMs: 3_000 })
  assert.equal(links[0]?.isClosed, true)
  await pass(1_000)
  assert.equal(links.length, 2)
  hear('cluster', view())
  await pass(15_000)
  assert.equal(links[1]?.isClosed, true, 'nothing was heard of it')
  assert.ok(links.length >= 3)
})
