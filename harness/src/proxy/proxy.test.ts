import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { createRandom } from '../random.ts'
import { FaultProxy } from './proxy.ts'

/** Says back what it is told, and remembers in which pieces it came. */
let echo: Server
const pieces: number[] = []
const proxies: FaultProxy[] = []
const sockets: Socket[] = []

before(async () => {
  echo = createServer((socket) => {
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('data', (piece) => {
      pieces.push(piece.length)
      socket.write(piece)
    })
  }).listen(0, '127.0.0.1')
  await once(echo, 'listening')
})

after(async () => {
  for (const socket of sockets) socket.destroy()
  for (const proxy of proxies) await proxy.stop()
  echo.close()
})

async function opened(): Promise<FaultProxy> {
  const address = echo.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const proxy = await FaultProxy.open({
    name: 'to echo',
    target: () => ({ port }),
    random: createRandom(1),
  })
  proxies.push(proxy)
  return proxy
}

async function connected(proxy: FaultProxy): Promise<Socket> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true })
  sockets.push(socket)
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** What is said back, as soon as it is as long as what was said. */
async function said(socket: Socket, text: string): Promise<string> {
  let heard = ''
  const all = new Promise<void>((resolve) => {
    socket.on('data', (piece: Buffer) => {
      heard += piece
      if (heard.length >= text.length) resolve()
    })
  })
  socket.write(text)
  await all
  return heard
}

test('in fair weather everything passes, both ways', async () => {
  const proxy = await opened()
  const long = 'x'.repeat(3_000_000)
  assert.equal(await said(await connected(proxy), long), long)
  assert.deepEqual(proxy.traffic, { bytes: 2 * long.length, accepted: 1 })
})

test('what is delayed arrives later and in order', async () => {
  const proxy = await opened()
  await proxy.set({ delayMs: 60, jitterMs: 40 })
  const socket = await connected(proxy)
  const startedAt = performance.now()
  let heard = ''
  socket.on('data', (piece: Buffer) => {
    heard += piece
  })
  for (const letter of 'abcdefgh') {
    socket.write(letter)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  while (heard.length < 8) await once(socket, 'data')
  assert.equal(heard, 'abcdefgh')
  assert.ok(performance.now() - startedAt >= 120, 'there and back take two delays at least')
})

test('a throttle lets so many bytes a second through', async () => {
  const proxy = await opened()
  await proxy.set({ bytesPerSecond: 100_000 })
  const startedAt = performance.now()
  await said(await connected(proxy), 'x'.repeat(20_000))
  assert.ok(performance.now() - startedAt >= 180, 'a fifth of a second, less what rounding takes')
})

test('slices arrive whole', async () => {
  const proxy = await opened()
  await proxy.set({ sliceBytes: 1 })
  pieces.length = 0
  assert.equal(await said(await connected(proxy), 'sliced'), 'sliced')
  assert.ok(pieces.length > 1, `in ${pieces.length} pieces`)
})

for (const how of ['cut', 'reset'] as const) {
  test(`a ${how} ends what is there, and new connections are made`, async () => {
    const proxy = await opened()
    const socket = await connected(proxy)
    assert.equal(await said(socket, 'before'), 'before')
    const codes: unknown[] = []
    socket.on('error', (error: Error & { code?: unknown }) => codes.push(error.code))
    const closed = new Promise((resolve) => socket.on('close', resolve))
    assert.equal(proxy[how](), 1)
    await closed
    assert.deepEqual(codes, how === 'reset' ? ['ECONNRESET'] : [])
    assert.equal(await said(await connected(proxy), 'after'), 'after')
  })
}

test('who is refused learns it at once, and may come back on the same port', async () => {
  const proxy = await opened()
  const socket = await connected(proxy)
  const closed = once(socket, 'close')
  await proxy.set({ path: 'refused' })
  await closed
  await assert.rejects(connected(proxy), { code: 'ECONNREFUSED' })
  await proxy.fair()
  assert.equal(await said(await connected(proxy), 'again'), 'again')
})

test('half-open accepts and says nothing, not even that the other side has gone; what came in passes when it is over', async () => {
  const proxy = await opened()
  const socket = await connected(proxy)
  assert.equal(await said(socket, 'before'), 'before')
  await proxy.set({ path: 'silent' })
  const late = await connected(proxy)
  const heard: string[] = []
  socket.on('data', (piece: Buffer) => heard.push(String(piece)))
  let isClosed = false
  socket.on('close', () => {
    isClosed = true
  })
  const answered = said(late, 'late')
  socket.write('kept')
  const [one] = await Promise.race([
    once(socket, 'data').then(() => ['told']),
    new Promise<string[]>((resolve) => setTimeout(() => resolve(['nothing']), 100)),
  ])
  assert.deepEqual([one, isClosed, heard], ['nothing', false, []])
  await proxy.fair()
  assert.equal(await answered, 'late')
  while (heard.length === 0) await once(socket, 'data')
  assert.deepEqual(heard, ['kept'])
})
