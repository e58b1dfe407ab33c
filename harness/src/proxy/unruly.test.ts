import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { test } from 'node:test'
import { createRandom } from '../random.ts'
import { natsSaid } from './messages.ts'
import { type Habits, OBEDIENT, UnrulyLink } from './unruly.ts'

const FRAMES = 200

/** What arrives of so many frames, and of the word that ends them, which is no frame. */
async function heardThrough(habits: Partial<Habits>): Promise<{ frames: number[]; word: boolean }> {
  const server = createServer((socket) => {
    for (let n = 0; n < FRAMES; n++) socket.write(`MSG a 1 3\r\n${String(n).padStart(3, '0')}\r\n`)
    socket.write('PING\r\n')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const link = await UnrulyLink.open({ port, said: natsSaid, random: createRandom(1) })
  link.habits = { ...OBEDIENT, ...habits }
  const socket = connect({ port: link.port, host: '127.0.0.1' })
  let heard = ''
  const frames = () => [...heard.matchAll(/MSG a 1 3\r\n(\d{3})\r\n/g)].map(([, n]) => Number(n))
  const due = () => FRAMES - link.done.dropped + link.done.doubled
  while (!heard.includes('PING') || frames().length < due()) {
    const [piece] = (await once(socket, 'data')) as [Buffer]
    heard += piece
  }
  socket.destroy()
  await link.stop()
  server.close()
  return { frames: frames(), word: heard.includes('PING') }
}

const all = Array.from({ length: FRAMES }, (_, n) => n)
const sorted = (frames: readonly number[]) => frames.toSorted((one, other) => one - other)

test('a link that keeps its word hands everything on as it came', async () => {
  assert.deepEqual(await heardThrough({}), { frames: all, word: true })
})

test('frames are lost, and nothing else', async () => {
  const { frames } = await heardThrough({ dropped: 30 })
  assert.ok(frames.length > FRAMES / 2 && frames.length < FRAMES)
  assert.deepEqual(frames, sorted([...new Set(frames)]))
})

test('frames come twice', async () => {
  const { frames } = await heardThrough({ doubled: 30, heldMsMax: 5 })
  assert.deepEqual([...new Set(sorted(frames))], all)
  assert.ok(frames.length > FRAMES)
})

test('frames come in another order, each once', async () => {
  const { frames } = await heardThrough({ held: 30, heldMsMax: 5 })
  assert.notDeepEqual(frames, all)
  assert.deepEqual(sorted(frames), all)
})
