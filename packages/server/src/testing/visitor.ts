/** People at a server's doors: a stock client that notes what it sees, and a guest with the REST client. */
import type { DownPayload, LogEvent } from '@madang/protocol'
import { io, type Socket } from 'socket.io-client'
import { createRestClient } from './rest-client.ts'

type Ready = DownPayload<'ready'>

export interface Visitor extends Disposable {
  readonly socket: Socket
  readonly ready: Ready
  /** Resolves to the first event that fits, come or to come. */
  event(fits: (event: LogEvent) => boolean): Promise<LogEvent>
}

/** Rejects where the server does not let them in. */
export async function visit(url: string, options: Parameters<typeof io>[1]): Promise<Visitor> {
  const socket = io(url, { forceNew: true, transports: ['websocket'], ...options })
  const seen: LogEvent[] = []
  let look = () => {}
  socket.on('event', (event: LogEvent) => {
    seen.push(event)
    look()
  })
  const ready = await new Promise<Ready>((resolve, reject) => {
    socket.once('ready', resolve)
    socket.once('connect_error', reject)
  })
  return {
    socket,
    ready,
    event: (fits) =>
      new Promise((resolve) => {
        look = () => {
          const found = seen.find(fits)
          if (found !== undefined) resolve(found)
        }
        look()
      }),
    [Symbol.dispose]: () => void socket.disconnect(),
  }
}

export const says = (text: string) => (event: LogEvent) =>
  event.kind === 'created' && event.text === text

/** Somebody who came in over HTTP, and a channel that they are in. */
export async function guest(url: string, name: string) {
  const stranger = createRestClient(url)
  const { person, session } = await stranger.call('createGuest', { body: { name } })
  const rest = stranger.as(session.token)
  const channelId = (await rest.call('listUnread')).channels[0]?.channelId
  if (channelId === undefined) throw new Error('a guest is in a channel')
  return { person, token: session.token, rest, channelId }
}
