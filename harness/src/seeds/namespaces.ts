/** People in the namespaces of their communities, `/socket/commu-<id>`, with the write-up's own events: `join`, `chat`, `new-chat`, `modify-chat`, `delete-chat`. */
import type { RestClient } from '@madang/server/testing'
import { Manager, type Socket } from 'socket.io-client'
import type { Ground } from './ground.ts'

export interface ChatAnswer {
  readonly written: boolean
  readonly chatInfo: { readonly id: number; readonly content?: string } | null
  readonly error?: { readonly code: string; readonly retry: string }
}

type Heard = readonly [event: string, chat: { readonly id: number; readonly content?: string }]

export class Speaker {
  readonly socket: Socket
  readonly heard: Heard[] = []
  cuts = 0

  constructor(socket: Socket) {
    this.socket = socket
    for (const event of ['new-chat', 'modify-chat', 'delete-chat'])
      socket.on(event, (chat: Heard[1]) => this.heard.push([event, chat]))
    socket.on('disconnect', () => this.cuts++)
  }

  join(channels: readonly string[]): Promise<{ readonly ok: boolean }> {
    return this.socket.emitWithAck('join', { channels })
  }

  chat(what: object): Promise<ChatAnswer> {
    return this.socket.emitWithAck('chat', what)
  }
}

/** One browser: one connection, whatever namespaces it enters. It ends with the ground. */
export class Browser {
  readonly manager: Manager
  readonly #token: string

  constructor(ground: Ground, url: string, token: string) {
    this.manager = new Manager(url, { transports: ['websocket'] })
    this.#token = token
    ground.later(() => this.manager._close())
  }

  /** Rejects with the server's reason where it does not let them in. */
  async enter(communityId: string): Promise<Speaker> {
    const socket = this.manager.socket(`/socket/commu-${communityId}`, {
      auth: { token: this.#token },
    })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('connect_error', reject)
    })
    return new Speaker(socket)
  }
}

export interface Place {
  readonly communityId: string
  readonly channelId: string
}

/** A public community, and its first channel. */
export async function newCommunity(rest: RestClient, name: string): Promise<Place> {
  const { community } = await rest.call('createCommunity', { body: { name, visibility: 'public' } })
  const { channels } = await rest.call('listUnread')
  const first = channels.find(({ communityId }) => communityId === community.id)
  if (first === undefined) throw new Error('a community has a first channel')
  return { communityId: community.id, channelId: first.channelId }
}
