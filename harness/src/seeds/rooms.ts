/** The two-client check of the write-up on scaling, line for line: `joinRoom`, `sendMessage`, `message`. */
import { io } from 'socket.io-client'
import { type Ground, until } from './ground.ts'

export interface Received {
  readonly content: string
  readonly type: string
  readonly roomId: string
}

const sendAfterMs = 2_000

/** Resolves to what the second client received. */
export async function twoClients(
  ground: Ground,
  first: string,
  second: string,
): Promise<readonly Received[]> {
  const socket1 = io(first, { forceNew: true })
  const socket2 = io(second, { forceNew: true })
  ground.later(() => {
    socket1.disconnect()
    socket2.disconnect()
  })
  const received: Received[] = []
  const content = `Hello from Socket 1 at ${Math.round(performance.now())} ms!`

  socket1.on('connect', () => {
    socket1.emit('joinRoom', 'test-room')
  })
  socket2.on('connect', () => {
    socket2.emit('joinRoom', 'test-room')
  })
  socket2.on('message', (message) => {
    received.push(message)
  })
  setTimeout(() => {
    socket1.emit('sendMessage', 'test-room', { content, type: 'text' })
  }, sendAfterMs)

  await until('the message at the second client', () =>
    received.some((one) => one.content === content),
  )
  return received.filter((one) => one.content === content)
}
