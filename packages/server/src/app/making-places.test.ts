import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type ErrorBody, RATES } from '@madang/protocol'
import { io, type Socket } from 'socket.io-client'
import { frozenClock } from '../testing/clock.ts'
import { createRestClient } from '../testing/rest-client.ts'
import { startServer } from '../testing/start-server.ts'

interface Answer {
  readonly ok: boolean
  readonly roomId?: string
  readonly error?: ErrorBody
}

const { burst, perSecond } = RATES.places

async function stock(t: TestContext, url: string): Promise<Socket> {
  const socket = io(url, { transports: ['websocket'], forceNew: true })
  t.after(() => socket.disconnect())
  await new Promise<void>((resolve) => socket.once('welcome', () => resolve()))
  return socket
}

const enter = (socket: Socket, room: string): Promise<Answer> =>
  socket.emitWithAck('joinRoom', room)

test('an address that makes up rooms is told when to go on, whoever it says it is, and all rooms stay open to everybody', async (t) => {
  await using server = await startServer({
    env: { DIALECTS: 'rooms' },
    surroundings: { clock: frozenClock },
  })
  const one = await stock(t, server.url)
  for (let i = 0; i < burst; i++) assert.equal((await enter(one, `made up ${i}`)).ok, true)
  const other = await stock(t, server.url)
  for (const socket of [one, other]) {
    const { ok, error } = await enter(socket, 'one too many')
    const { code, retry, limit, retryAfterMs } = error ?? {}
    assert.deepEqual([ok, code, retry, limit], [false, 'rate_limited', 'later', 'places'])
    assert.equal(retryAfterMs, 1_000 / perSecond)
    const known = await enter(socket, 'made up 1')
    assert.deepEqual([known.ok, known.roomId], [true, 'made up 1'])
  }
  // The other door has no more to give.
  const stranger = createRestClient(server.url)
  const { session } = await stranger.call('createGuest', { body: { name: 'Ann' } })
  const answer = await stranger.as(session.token).raw('createCommunity', { body: { name: 'Yard' } })
  const refusal = (await answer.json()) as ErrorBody
  assert.deepEqual([answer.status, refusal.limit], [429, 'places'])
})

test('a guest who is made by connecting costs their address what any guest costs, and is refused where there are none', async (t) => {
  const env = { DIALECTS: 'rooms' }
  await using server = await startServer({ env, surroundings: { clock: frozenClock } })
  const refusedWith = async (url: string): Promise<string> => {
    const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false })
    t.after(() => socket.disconnect())
    const { message } = await new Promise<Error>((resolve) => socket.once('connect_error', resolve))
    return message
  }
  for (let i = 0; i < RATES.credentials.burst; i++) (await stock(t, server.url)).disconnect()
  assert.equal(await refusedWith(server.url), 'rate_limited')
  await using closed = await startServer({ env: { ...env, GUESTS: 'off' } })
  assert.equal(await refusedWith(closed.url), 'guests_disabled')
})
