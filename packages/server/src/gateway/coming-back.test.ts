// Stock clients that are sent away come back by themselves, by whichever transport; whoever names the wire's number reads why.
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { errorBody, WIRE_VERSION } from '@madang/protocol'
import { io } from 'socket.io-client'
import { newSocketIoWire } from './testing/socketio-client.ts'
import { Doorman } from './wire.case.ts'

async function given(t: TestContext) {
  const under = await newSocketIoWire(['websocket'])
  const door = new Doorman()
  await under.wire.start(door)
  t.after(() => under.stop())
  const come = (auth: object, transport: 'websocket' | 'polling') => {
    const socket = io(under.url, {
      auth,
      transports: [transport],
      forceNew: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 40,
    })
    t.after(() => socket.disconnect())
    return socket
  }
  return { ...under, door, come }
}

for (const transport of ['websocket', 'polling'] as const) {
  describe(`a stock client, ${transport}`, () => {
    for (const code of ['busy', 'draining', 'unavailable'] as const) {
      it(`comes back when its handshake was refused as ${code}`, async (t) => {
        const { door, come } = await given(t)
        const { decide } = door
        let refusals = 0
        door.decide = async (handshake) => {
          if (++refusals > 2) return decide.call(door, handshake)
          return { ok: false, error: errorBody(code, { retryAfterMs: 10 }) }
        }
        const socket = come({ name: 'ann' }, transport)
        await new Promise((resolve) => socket.once('connect', () => resolve(undefined)))
        assert.equal(refusals, 3)
      })
    }

    it('is told what no other try will change, and what is its own affair', async (t) => {
      const { door, come } = await given(t)
      for (const code of ['banned', 'too_many_connections'] as const) {
        door.decide = async () => ({ ok: false, error: errorBody(code) })
        const socket = come({ name: 'ann' }, transport)
        const error = await new Promise<Error>((resolve) => socket.once('connect_error', resolve))
        assert.equal(error.message, code)
        assert.equal(socket.active, false)
      }
    })

    it('that names the wire’s number is told when to come again', async (t) => {
      const { door, come } = await given(t)
      door.decide = async () => ({ ok: false, error: errorBody('busy', { retryAfterMs: 1_234 }) })
      const socket = come({ name: 'ann', wire: WIRE_VERSION }, transport)
      const error = await new Promise<Error & { data?: { retryAfterMs?: number } }>((resolve) =>
        socket.once('connect_error', resolve),
      )
      assert.deepEqual([error.message, error.data?.retryAfterMs], ['busy', 1_234])
    })

    it('that is closed for a drain hears of it at once and comes back, with everything that was on its way', async (t) => {
      const { door, come, wire } = await given(t)
      const socket = come({ name: 'ann' }, transport)
      await door.until('opened ann')
      const seen: unknown[] = []
      socket.onAny((name, value) => seen.push(name === 'closed' ? name : value.withinMs))
      const connection = door.connection('ann')
      connection.join('here')
      for (let n = 1; n <= 5; n++) wire.emitTo('here', 'goaway', { withinMs: n })
      const gone = new Promise<string>((resolve) => socket.once('disconnect', resolve))
      const began = performance.now()
      connection.close(errorBody('draining'), true)
      assert.equal(await gone, 'transport close')
      t.diagnostic(`closed within ${Math.round(performance.now() - began)} ms`)
      await door.until('opened ann', 2)
      assert.deepEqual(seen, [1, 2, 3, 4, 5, 'closed'])
    })
  })
}
