import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { describe, it } from 'node:test'
import { Server } from 'socket.io'
import { rawWebSocket } from '../testing/raw-client.ts'
import { newSocketIoWire } from '../testing/socketio-client.ts'
import { Doorman } from '../wire.case.ts'
import { BOUNDS } from './bounds.ts'
import { serveAliases } from './namespaces.ts'

describe('namespaces by alias', () => {
  it('are not kept, however many are asked for', () => {
    const io = new Server(createServer())
    serveAliases(io, (name) => name.startsWith('/hall-'))
    for (let i = 0; i < 1_000; i++) {
      assert.equal(io._nsps.has(`/hall-${i}`), true)
      assert.equal(io.of(`/hall-${i}`).name, `/hall-${i}`)
    }
    assert.equal(io._nsps.has('/cellar'), false)
    assert.deepEqual([...io._nsps.keys()], ['/'])
    assert.equal(io.of('/hall-1').adapter, io.of('/').adapter)
    assert.equal(io.of('/').name, '/')
    io.engine.close()
  })

  it('are asked about once at a time, and again once they were left', async (t) => {
    const { wire, port, stop } = await newSocketIoWire(['websocket'], { namespaces: true })
    t.after(stop)
    const door = new Doorman()
    await wire.start(door)
    const { ws, until } = await rawWebSocket(port)
    ws.send('40/hall-a,{"name":"ann"}')
    ws.send('40/hall-a,{"name":"eve"}')
    assert.match(await until('44/hall-a,'), /connectsPerConnectionMax/)
    await until('40/hall-a,')
    ws.send('41/hall-a')
    await door.until('closed ann')
    ws.send('40/hall-a,{"name":"ann"}')
    await door.until('opened ann', 2)
    ws.send('40/cellar,{"name":"ann"}')
    assert.match(await until('44/cellar,'), /Invalid namespace/)
    assert.ok(!door.told.some((line) => line.includes('eve')))
  })

  it('are as many for one connection as one person has communities', async (t) => {
    const { wire, port, stop } = await newSocketIoWire(['websocket'], { namespaces: true })
    t.after(stop)
    const door = new Doorman()
    await wire.start(door)
    const { ws, until, closed } = await rawWebSocket(port)
    const most = BOUNDS.namespacesPerConnectionMax
    for (let i = 0; i <= most; i++) ws.send(`40/hall-${i},{"name":"n${i}"}`)
    assert.match(await until(`44/hall-${most},`), /namespacesPerConnectionMax/)
    await door.until(`opened n${most - 1}`)
    assert.equal(wire.connections().length, most)
    for (let i = 0; i < BOUNDS.namespacedConnectsMax; i++) ws.send('40/hall-0,{"name":"x"}')
    await closed
    while (wire.connections().length > 0) await door.until('closed n0')
    assert.deepEqual(wire.connections(), [])
  })
})
