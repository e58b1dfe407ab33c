import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WIRE_VERSION } from '@madang/protocol'
import { io, type Socket } from 'socket.io-client'
import type { DrainProgress } from '../gateway/drain/progress.ts'
import { startServer } from '../testing/start-server.ts'

async function come(url: string, auth: object, transport = 'websocket'): Promise<Socket> {
  const socket = io(url, {
    auth: { name: 'Ann', ...auth },
    ...{ transports: [transport], forceNew: true, reconnection: false },
  })
  await new Promise((resolve) => socket.once('ready', () => resolve(undefined)))
  return socket
}

test('a drain is counted and logged stage by stage, and can be looked at', async (t) => {
  await using server = await startServer({ env: { DRAIN_SECONDS: '1', LOG_LEVEL: 'info' } })
  const ours = await come(server.url, { wire: WIRE_VERSION })
  const stock = await come(server.url, {})
  const polling = await come(server.url, {}, 'polling')
  t.after(() => {
    for (const socket of [ours, stock, polling]) socket.disconnect()
  })
  const seen = new Promise<DrainProgress>((resolve) => {
    ours.on('goaway', () => {
      resolve(server.app.drainProgress())
      ours.disconnect()
    })
  })
  assert.equal(server.app.drainProgress().state, 'ready')
  const draining = server.app.drain()
  const { state, of, since } = await seen
  assert.deepEqual([state, of, typeof since], ['draining', 3, 'number'])
  await draining
  const progress = server.app.drainProgress()
  assert.deepEqual([progress.state, progress.left], ['drained', 0])
  assert.deepEqual(progress.stages, { told: 1, moved: 1, left: 0, closed: 2, stayed: 0, cut: 0 })

  const page = await (await fetch(`${server.url}/metrics`)).text()
  for (const line of [
    'madang_drain_left 0',
    'madang_drain_of 3',
    'madang_drain_connections_total{stage="moved",transport="websocket"} 1',
    'madang_drain_connections_total{stage="closed",transport="polling"} 1',
  ]) {
    assert.ok(page.includes(line), line)
  }
  const logged = server.lines.map((line) => JSON.parse(line))
  const begun = logged.find(({ msg }) => /^Draining:/.test(msg))
  assert.deepEqual(
    [begun?.connections, begun?.moving, begun?.closing, begun?.polling],
    [3, 1, 2, 1],
  )
  const over = logged.find(({ msg }) => /^Drained:/.test(msg))
  assert.deepEqual([over?.moved, over?.closed, over?.cut], [1, 2, 0])
})
