import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hears, SocketGround } from '../testing/socket-ground.ts'
import { slimConnections } from './slim.ts'

test('middlewares and listeners see the first request, and afterwards nothing holds it', async () => {
  const ground = await SocketGround.open()
  slimConnections(ground.io)
  const seen: unknown[] = []
  for (const nsp of [ground.io.of('/'), ground.io.of('/later')]) {
    nsp.use((socket, next) => {
      seen.push(typeof socket.handshake.headers.host)
      next()
    })
    nsp.on('connection', (socket) => void seen.push(typeof socket.request.headers.host))
  }
  for (const nsp of ['/', '/later']) {
    for (const kind of ['websocket', 'polling', 'upgrade'] as const) {
      const pair = await ground.connect(kind, nsp)
      await new Promise((resolve) => setImmediate(resolve))
      const { socket } = pair
      assert.deepEqual(
        [socket.request, socket.conn.request, socket.client.request],
        [null, null, null],
      )
      assert.deepEqual(socket.handshake.headers, {})
      assert.equal(typeof socket.handshake.address, 'string')
      const upgraded = new Promise((resolve) => socket.conn.once('upgrade', resolve))
      if (kind === 'upgrade' && !socket.conn.upgraded) await upgraded
      socket.emit('end')
      await hears(pair, 'end')
    }
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 12 }, () => 'string'),
  )
  await ground.close()
})
