import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryHub } from '@madang/fanout'
import { settle } from '@madang/fanout/testing'
import { createDispatcher } from './dispatcher.ts'
import { createNotes } from './notes.ts'
import type { FeedCount } from './report.ts'
import { channelTopic, communityTopic, personTopic } from './topics.ts'

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const people = [{ id: id(1), name: 'Ha-neul' }]
const typing = { kind: 'typing', body: { channelId: id(1), people } } as const
const gone = {
  kind: 'notice',
  body: { kind: 'gone', channelId: id(1), reason: 'kicked' },
} as const

async function newNode(hub: MemoryHub) {
  const counts: FeedCount[] = []
  const broker = hub.newBroker()
  const dispatcher = createDispatcher({
    broker,
    frameBytesMax: 10_000,
    report: { count: (what) => void counts.push(what), warn: () => {} },
  })
  const notes = createNotes(dispatcher)
  const heard: unknown[] = []
  notes.on('typing', (topic, body) => void heard.push([topic, body]))
  notes.on('notice', (topic, body) => void heard.push([topic, body]))
  notes.on('presence', () => {
    throw new Error('a handler that throws, on purpose')
  })
  notes.onGap((topic) => void heard.push(['gap', topic]))
  await dispatcher.start()
  return { broker, dispatcher, notes, heard, counts }
}

test('a note reaches every node that holds its topic, its own at once', async () => {
  const hub = new MemoryHub()
  const [a, b, c] = [await newNode(hub), await newNode(hub), await newNode(hub)]
  await Promise.all([a.notes.hold(personTopic(id(5))), b.notes.hold(personTopic(id(5)))])
  assert.equal(a.notes.publish(personTopic(id(5)), gone), true)
  assert.deepEqual(a.heard, [[personTopic(id(5)), gone.body]])
  await settle()
  assert.deepEqual(b.heard, a.heard)
  assert.deepEqual(c.heard, [])
})

test('a topic is held until it was released as often, by whoever held it', async () => {
  const hub = new MemoryHub()
  const [a, b] = [await newNode(hub), await newNode(hub)]
  const topic = channelTopic(id(1))
  await Promise.all([a.notes.hold(topic), a.notes.hold(topic), a.dispatcher.hold(topic)])
  assert.equal(a.dispatcher.topics, 1)
  a.notes.release(topic)
  a.notes.release(topic)
  a.notes.release(topic)
  b.notes.publish(topic, typing)
  await settle()
  assert.equal(a.heard.length, 1)
  a.dispatcher.release(topic)
  b.notes.publish(topic, typing)
  await settle()
  assert.equal(a.heard.length, 1)
  assert.deepEqual([a.dispatcher.topics, hub.topics], [0, 0])
})

test('a topic that is left and held again in one turn is held', async () => {
  const hub = new MemoryHub()
  const [a, b] = [await newNode(hub), await newNode(hub)]
  const topic = channelTopic(id(1))
  await a.notes.hold(topic)
  a.notes.release(topic)
  await a.notes.hold(topic)
  b.notes.publish(topic, typing)
  await settle()
  assert.equal(a.heard.length, 1)
})

test('a frame that is none, or is out of place, is counted and harms nobody', async () => {
  const hub = new MemoryHub()
  const [a, b] = [await newNode(hub), await newNode(hub)]
  const topic = channelTopic(id(1))
  const strange = 'strange'
  await a.notes.hold(topic)
  await a.notes.hold(channelTopic(id(2)))
  await a.broker.subscribe(strange)
  b.broker.publish(topic, Buffer.from([0xc1]))
  b.broker.publish(topic, Buffer.from([9, 9, 9]))
  b.broker.publish(topic, Buffer.alloc(10_001))
  b.notes.publish(channelTopic(id(2)), typing)
  b.broker.publish(strange, Buffer.from('\u0001\u0002{"kind":"channel"}'))
  b.notes.publish(topic, typing)
  await settle()
  assert.deepEqual(a.counts, [
    'frame_malformed',
    'frame_unknown',
    'frame_too_large',
    'frame_misplaced',
    'frame_malformed',
    'frame_received',
  ])
  assert.deepEqual(a.heard, [[topic, typing.body]])
})

test('a handler that throws disturbs nobody, here or there', async () => {
  const hub = new MemoryHub()
  const [a, b] = [await newNode(hub), await newNode(hub)]
  const topic = communityTopic(id(7))
  await Promise.all([a.notes.hold(topic), b.notes.hold(topic), b.notes.hold(channelTopic(id(1)))])
  const body = { communityId: id(7), node: 'a', online: people, offline: [], whole: true }
  a.notes.publish(topic, { kind: 'presence', body: { ...body, ask: false } })
  a.notes.publish(channelTopic(id(1)), typing)
  await settle()
  assert.deepEqual(a.counts.toSorted(), ['frame_published', 'frame_published', 'listener_threw'])
  assert.deepEqual(b.counts, ['frame_received', 'listener_threw', 'frame_received'])
  assert.equal(b.heard.length, 1)
})

test('what is too large for a frame is not published', async () => {
  const hub = new MemoryHub()
  const a = await newNode(hub)
  const crowd = Array.from({ length: 500 }, (_, i) => ({ id: id(i), name: 'x' }))
  const body = { channelId: id(1), people: crowd }
  assert.equal(a.notes.publish(channelTopic(id(1)), { kind: 'typing', body }), false)
  assert.deepEqual(a.counts, ['publish_dropped'])
})

test('losses and the broker going and coming are told', async () => {
  const hub = new MemoryHub()
  const a = await newNode(hub)
  const healths: boolean[] = []
  a.dispatcher.onHealth((health) => void healths.push(health.connected))
  hub.cut()
  await settle()
  assert.equal(a.dispatcher.health.connected, false)
  hub.heal()
  await settle()
  assert.deepEqual(healths, [false, true])
  assert.deepEqual(a.heard, [['gap', undefined]])
})

test('after stop nothing is held and nothing is heard', async () => {
  const hub = new MemoryHub()
  const [a, b] = [await newNode(hub), await newNode(hub)]
  const topic = channelTopic(id(1))
  await Promise.all([a.notes.hold(topic), a.notes.hold(topic)])
  a.notes.stop()
  a.notes.stop()
  assert.equal(a.dispatcher.topics, 0)
  await a.notes.hold(topic)
  assert.equal(a.notes.publish(topic, typing), false)
  await Promise.all([a.dispatcher.stop(), a.dispatcher.stop()])
  await a.dispatcher.hold(topic)
  b.notes.publish(topic, typing)
  await settle()
  assert.deepEqual([a.heard, a.dispatcher.topics, hub.topics], [[], 0, 0])
})
