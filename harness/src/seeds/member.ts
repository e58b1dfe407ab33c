/** Somebody with a session and a stock client, who notes what comes down and asks over REST. */
import type { DownPayload, LogEvent } from '@madang/protocol'
import { createRestClient, type RestClient } from '@madang/server/testing'
import { io, type Socket } from 'socket.io-client'
import type { Ground } from './ground.ts'

type Created = Extract<LogEvent, { kind: 'created' }>

export interface Answer {
  readonly ok: boolean
  readonly id: string
  readonly seq: number
  readonly createdAt: number
  readonly duplicate?: boolean
  readonly error?: { readonly code: string; readonly retry: string }
}

export class Member {
  readonly name: string
  readonly id: string
  readonly token: string
  readonly rest: RestClient
  readonly socket: Socket
  #ready: DownPayload<'ready'> | undefined
  readonly messages: Created[] = []
  readonly digests: DownPayload<'digest'>[] = []
  /** Times that the connection broke. */
  cuts = 0

  private constructor(name: string, id: string, token: string, rest: RestClient, url: string) {
    this.name = name
    this.id = id
    this.token = token
    this.rest = rest
    this.socket = io(url, { auth: { token, wire: 1 }, transports: ['websocket'], forceNew: true })
    this.socket.on('event', (event: LogEvent) => {
      if (event.kind === 'created') this.messages.push(event)
    })
    this.socket.on('digest', (digest: DownPayload<'digest'>) => this.digests.push(digest))
    this.socket.on('disconnect', () => this.cuts++)
  }

  /** A guest of the welcome community; gone with the ground. `prepare` is done over REST before the socket comes. */
  static async comeIn(
    ground: Ground,
    url: string,
    name: string,
    prepare: (rest: RestClient, id: string) => Promise<unknown> = async () => {},
  ): Promise<Member> {
    const stranger = createRestClient(url)
    const { person, session } = await stranger.call('createGuest', { body: { name } })
    const rest = stranger.as(session.token)
    await prepare(rest, person.id)
    const member = new Member(name, person.id, session.token, rest, url)
    ground.later(() => member.socket.disconnect())
    member.#ready = await new Promise((resolve, reject) => {
      member.socket.once('ready', resolve)
      member.socket.once('connect_error', reject)
    })
    return member
  }

  /** What they were greeted with. */
  get ready(): DownPayload<'ready'> {
    if (this.#ready === undefined) throw new Error(`${this.name} was not greeted`)
    return this.#ready
  }

  /** The id of a channel of theirs. */
  place(name: string): string {
    const found = this.ready.channels.find((channel) => channel.name === name)
    if (found === undefined) throw new Error(`${this.name} has no channel ${name}`)
    return found.id
  }

  send(channelId: string, text: string, more: object = {}): Promise<Answer> {
    const message = { channelId, clientId: crypto.randomUUID(), text, ...more }
    return this.socket.emitWithAck('send', message)
  }

  heard(text: string): boolean {
    return this.messages.some((message) => message.text === text)
  }

  /** Of one channel, as they came. */
  texts(channelId: string): readonly (string | null)[] {
    return this.messages.filter((one) => one.channelId === channelId).map(({ text }) => text)
  }
}
