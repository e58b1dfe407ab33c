// What a hostile client gets from the socket door: little, and at its own cost.
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import type { SocketIoOptions } from '../socketio.ts'
import { polling, rawWebSocket } from '../testing/raw-client.ts'
import { newSocketIoWire } from '../testing/socketio-client.ts'
import { Doorman } from '../wire.case.ts'

async function given(t: TestContext, options: Partial<SocketIoOptions> = {}) {
  const under = await newSocketIoWire(['websocket'], options)
  const door = new Doorman()
  await under.wire.start(door)
  t.after(() => under.stop())
  return { ...under, door }
}

describe('the socket door', () => {
  it('has one namespace, and knows nobody in another', async (t) => {
    const { port, door } = await given(t)
    for (const name of ['/admin', '/socket/commu-1', '/constructor']) {
      const { ws, until, closed } = await rawWebSocket(port)
      ws.send(`40${name},{"name":"eve"}`)
      assert.match(await until(`44${name},`), /Invalid namespace/)
      ws.close()
      await closed
    }
    assert.deepEqual(door.told, [])
  })

  it('is asked once by a connection, however often it says CONNECT', async (t) => {
    const { port, door } = await given(t)
    const { ws, until, closed } = await rawWebSocket(port)
    ws.send('40{"name":"eve"}')
    await until('40{')
    for (let i = 0; i < 50; i++) ws.send('40{"name":"eve"}')
    await closed
    assert.equal(door.told.filter((told) => told.startsWith('admit')).length, 1)
  })

  it('closes who does not finish the handshake in time', async (t) => {
    const { port, door } = await given(t, { limits: { handshakeMsMax: 50 } })
    const { closed } = await rawWebSocket(port)
    await closed
    assert.deepEqual(door.told, [])
  })

  it('closes who sends more than payloadBytesMax, by either transport', async (t) => {
    const { port, door } = await given(t, { limits: { payloadBytesMax: 1_000 } })
    const { ws, until, closed } = await rawWebSocket(port)
    ws.send('40{"name":"eve"}')
    await until('40{')
    ws.send(`42["send","${'x'.repeat(1_000)}"]`)
    await closed
    const session = await polling(port)
    assert.equal((await session.post('4'.repeat(1_001))).status, 413)
    assert.equal(door.told.filter((told) => told.startsWith('received')).length, 0)
  })

  it('takes no attachments: neither the announcement of one nor bytes', async (t) => {
    const { port, door } = await given(t)
    for (const attack of ['451-["send",{"_placeholder":true,"num":0}]', Buffer.from('bytes')]) {
      const { ws, until, closed } = await rawWebSocket(port)
      ws.send('40{"name":"eve"}')
      await until('40{')
      ws.send(attack)
      await closed
    }
    assert.equal(door.told.filter((told) => told.startsWith('received')).length, 0)
  })
})
