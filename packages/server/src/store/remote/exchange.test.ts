import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { systemClock } from '../../clock.ts'
import { createFakeClock } from '../../testing/clock.ts'
import { Exchange, NoAnswer } from './exchange.ts'

async function server(body: string | null) {
  let connections = 0
  let asked = () => {}
  const wasAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const listening = createServer((_request, response) => {
    asked()
    if (body !== null) response.end(body)
  })
  let open = 0
  listening.on('connection', (socket) => {
    connections += 1
    open += 1
    socket.on('close', () => {
      open -= 1
    })
  })
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  const { port } = listening.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/base/`,
    wasAsked,
    connections: () => connections,
    open: () => open,
    async [Symbol.asyncDispose]() {
      listening.closeAllConnections()
      await new Promise((resolve) => listening.close(resolve))
    },
  }
}

const silence = (wanted: string) => (error: unknown) =>
  error instanceof NoAnswer && error.silence === wanted

test('connections are kept, so many at once, and closed at the end', async () => {
  await using api = await server('{}')
  const exchange = new Exchange({
    ...{ url: api.url, secret: 's', clock: systemClock, connectionsMax: 2 },
  })
  for (let round = 0; round < 5; round += 1) {
    await Promise.all(Array.from({ length: 10 }, () => exchange.post('/x', '{}', 60_000)))
  }
  assert.equal(api.connections(), 2)
  exchange.close()
})

test('a connection that is idle is closed by us, before the other side does it', async () => {
  await using api = await server('{}')
  const exchange = new Exchange({
    ...{ url: api.url, secret: 's', clock: systemClock, connectionsMax: 2, idleMsMax: 20 },
  })
  await exchange.post('/x', '{}', 60_000)
  while (api.open() > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  await exchange.post('/x', '{}', 60_000)
  assert.equal(api.connections(), 2)
  exchange.close()
})

test('an answer that does not come is late, and one that is too large is not read', async () => {
  const clock = createFakeClock()
  const common = { secret: 's', clock, connectionsMax: 1, answerBytesMax: 10 }
  await using silent = await server(null)
  const patient = new Exchange({ ...common, url: silent.url })
  const late = assert.rejects(patient.post('/x', '{}', 500), silence('late'))
  await silent.wasAsked
  await clock.advance(500)
  await late
  await using talkative = await server('x'.repeat(11))
  const exchange = new Exchange({ ...common, url: talkative.url })
  await assert.rejects(exchange.post('/x', '{}', 500), silence('too_large'))
  assert.equal(clock.pending, 0)
  patient.close()
  exchange.close()
})

test('nobody there is broken, and closing answers those who wait', async () => {
  const clock = createFakeClock()
  const common = { secret: 's', clock, connectionsMax: 1 }
  const nobody = new Exchange({ ...common, url: 'http://127.0.0.1:1' })
  await assert.rejects(nobody.post('/x', '{}', 500), silence('broken'))
  await using silent = await server(null)
  const exchange = new Exchange({ ...common, url: silent.url })
  const waiting = assert.rejects(exchange.post('/x', '{}', 500), silence('stopped'))
  await silent.wasAsked
  exchange.close()
  await waiting
  assert.equal(clock.pending, 0)
})
