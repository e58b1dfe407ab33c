// What a socket costs in the adapter's tables, with a room of its own and without: measured, and told as a diagnostic.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Server } from 'socket.io'
import type { Broker } from '../broker.ts'
import { MemoryHub } from '../brokers/memory.ts'
import { heldHeapBytes } from '../testing/heap.ts'
import { createAdapter } from './create-adapter.ts'

const sockets = 5_000

/** Keeps nothing, as a broker would whose subscriptions live elsewhere. */
const nowhere = (): Broker => ({
  name: 'nowhere',
  droppedFrames: 0,
  start: async () => {},
  subscribe: async () => {},
  unsubscribe: async () => {},
  publish: () => true,
  stop: async () => {},
})

/** Heap bytes per socket that is in one room beside its own. */
async function bytesPerSocket(adapterOf: () => Server): Promise<number> {
  const io = adapterOf()
  const { adapter } = io.of('/')
  const ids = Array.from({ length: sockets }, (_, i) => `id-${i}`.padEnd(20, 'x'))
  await adapter.addAll('first', new Set(['first', 'r']))
  const before = await heldHeapBytes()
  for (const id of ids) {
    void adapter.addAll(id, new Set([id]))
    void adapter.addAll(id, new Set(['r']))
  }
  const bytes = ((await heldHeapBytes()) - before) / sockets
  await adapter.close()
  return Math.round(bytes)
}

test('a socket without a room of its own costs less, and with one no more than in stock Socket.IO', async (t) => {
  const ours = (broker: () => Broker, defaultRoom: boolean) => () =>
    new Server({ adapter: createAdapter(broker(), { defaultRoom }) })
  const hub = () => new MemoryHub().newBroker()
  // Code that is compiled meanwhile is not to be counted.
  await bytesPerSocket(() => new Server())
  for (const defaultRoom of [true, false]) await bytesPerSocket(ours(nowhere, defaultRoom))
  const figures = {
    stock: await bytesPerSocket(() => new Server()),
    'ours, default rooms, broker apart': await bytesPerSocket(ours(nowhere, true)),
    'ours, no default rooms, broker apart': await bytesPerSocket(ours(nowhere, false)),
    'ours, default rooms, memory broker': await bytesPerSocket(ours(hub, true)),
    'ours, no default rooms, memory broker': await bytesPerSocket(ours(hub, false)),
  }
  for (const [what, bytes] of Object.entries(figures)) t.diagnostic(`${what}: ${bytes} B a socket`)
  const saved =
    figures['ours, default rooms, broker apart'] - figures['ours, no default rooms, broker apart']
  assert.ok(saved > 100, `${saved} B saved`)
  assert.ok(figures['ours, default rooms, broker apart'] < figures.stock + 100)
})
