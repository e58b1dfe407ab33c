/** A device with our client: the real one, from its storage to its timelines, in a world whose time, chance and network are the run's. */
import type { ChannelHandle, Client, ClientStorage, TimelineMessage, World } from '@madang/client'
import type { Id } from '@madang/protocol'
import { MortalClock } from '@madang/server/simulation'
import type { Line } from './history.ts'
import { Pipe } from './pipe.ts'
import type { Act, DeviceOptions } from './stock.ts'
import { Storage } from './storage.ts'

export type CreateClient = (
  options: {
    readonly url: string
    readonly token: string
    readonly storage: ClientStorage
  },
  world: World,
) => Client

type OpenLink = NonNullable<World['openLink']>
type LinkParts = Parameters<OpenLink>[0]
type Link = ReturnType<OpenLink>

/** What it means to somebody to have sent something. */
interface Asked {
  readonly clientId: string
  readonly channelId: Id
}

/** One page, until it is loaded anew. */
interface Life {
  readonly client: Client
  readonly clock: MortalClock
  readonly handles: Map<Id, ChannelHandle>
  readonly pipes: Set<Pipe>
  online(online: boolean): void
  alive: boolean
}

export class OurDevice {
  readonly index: number
  readonly personId: Id
  readonly asked: Asked[] = []
  /** What was neither stored nor emitted when its page was loaded anew: nobody can know of it any more. */
  readonly forgotten = new Set<string>()
  readonly #options: DeviceOptions
  readonly #create: CreateClient
  readonly #storage: Storage
  readonly #emitted = new Set<string>()
  #connections = 0
  #ids = 0
  #life: Life

  constructor(options: DeviceOptions, create: CreateClient) {
    const { index, resident, clock, storageMsMax, random } = options
    this.index = index
    this.personId = resident.person.id
    this.#options = options
    this.#create = create
    this.#storage = new Storage(clock, random, storageMsMax)
    this.#life = this.#begin()
  }

  get client(): Client {
    return this.#life.client
  }

  get handles(): ReadonlyMap<Id, ChannelHandle> {
    return this.#life.handles
  }

  /** Connections that have not ended, those that a page left behind included. */
  get pipes(): readonly Pipe[] {
    return [...this.#life.pipes].filter((pipe) => !pipe.over)
  }

  /** Until when the client said that it waits by itself, by the run's clock; 0: it does not. */
  get waitsUntil(): number {
    return this.client.session.snapshot().connection.retryAt ?? 0
  }

  start(channels: readonly Id[]): void {
    for (const channelId of channels) this.#open(channelId)
    this.client.start()
  }

  /** The page is loaded anew, with the same channels on it. */
  reload(): void {
    const open = [...this.handles.keys()]
    this.#leave()
    for (const { clientId } of this.asked) {
      if (!this.#emitted.has(clientId) && !this.#storage.holds(clientId)) {
        this.forgotten.add(clientId)
      }
    }
    this.#life = this.#begin()
    this.start(open)
  }

  setOnline(online: boolean): void {
    if (!online) for (const pipe of this.pipes) pipe.break('offline')
    this.#life.online(online)
  }

  /** Looks at every channel in which it has sent something, to see what became of it. */
  showSent(): void {
    for (const { channelId } of this.asked) this.#open(channelId)
  }

  stop(): Promise<void> {
    return this.client.stop()
  }

  send(channelId: Id): void {
    const { history } = this.#options
    const text = `text m${this.index}-${this.#ids}`
    const clientId = this.#open(channelId).send(text)
    this.asked.push({ clientId, channelId })
    const { index: device, personId } = this
    history.note({ what: 'asked', device, personId, clientId, channelId, text })
  }

  /** As people do who are told that it is not known what became of it. */
  async #join(channelId: Id): Promise<void> {
    const { client } = this
    const outcome = await client.joinChannel(channelId)
    const isUnknown = !outcome.ok && outcome.error.code === 'internal'
    if (isUnknown && client === this.client) await this.#join(channelId)
  }

  act({ do: what, ...rest }: Act, channelId: Id): void {
    switch (what) {
      case 'open':
        this.#open(channelId)
        return
      case 'close':
        this.handles.get(channelId)?.close()
        this.#life.handles.delete(channelId)
        return
      case 'join':
        void this.#join(channelId)
        return
      case 'leave':
        void this.client.leaveChannel(channelId)
        return
      case 'type':
        this.handles.get(channelId)?.typing()
        return
      case 'page':
        void this.handles.get(channelId)?.loadOlder()
        return
      case 'read':
        this.#read(channelId)
        return
      default:
        if ('back' in rest) this.#change(what === 'delete', channelId, rest.back)
    }
  }

  #change(deletes: boolean, channelId: Id, back: number): void {
    const handle = this.handles.get(channelId)
    const seq = handle && ownMessages(handle, this.personId).at(-1 - back)?.seq
    if (handle === undefined || seq === undefined) return
    this.#ids += 1
    if (deletes) void handle.delete(seq)
    else void handle.edit(seq, `edit ${this.index}-${this.#ids}`)
  }

  #read(channelId: Id): void {
    const handle = this.handles.get(channelId)
    const last = handle?.snapshot().items.findLast(({ seq }) => seq !== undefined)
    if (last?.seq !== undefined) handle?.markRead(last.seq)
  }

  #open(channelId: Id): ChannelHandle {
    const known = this.handles.get(channelId)
    if (known) return known
    const handle = this.client.open(channelId)
    this.#life.handles.set(channelId, handle)
    return handle
  }

  #leave(): void {
    const life = this.#life
    life.alive = false
    life.clock.die()
    for (const pipe of life.pipes) pipe.close()
  }

  #begin(): Life {
    const { clock: time, resident, random } = this.#options
    const clock = new MortalClock(time)
    const watchers = new Set<(online: boolean) => void>()
    const pipes = new Set<Pipe>()
    const handles = new Map<Id, ChannelHandle>()
    const online = (is: boolean) => {
      for (const changed of watchers) changed(is)
    }
    const environment: NonNullable<World['environment']> = {
      ...{ clock, dice: random },
      newId: () => `d${this.index}-${++this.#ids}`,
      network: {
        subscribe(changed) {
          watchers.add(changed)
          return () => watchers.delete(changed)
        },
      },
    }
    const isAlive = () => life.alive
    const client = this.#create(
      {
        url: 'here',
        token: resident.token,
        storage: this.#storage.page(isAlive),
      },
      { environment, openLink: (parts) => this.#link(parts, pipes, isAlive) },
    )
    const life: Life = { client, clock, handles, pipes, online, alive: true }
    return life
  }

  #link(parts: LinkParts, pipes: Set<Pipe>, isAlive: () => boolean): Link {
    this.#connections += 1
    const { index: device, personId } = this
    const line: Line = { device, personId, connection: this.#connections }
    const { listener, greeting, ackTimeoutMs } = parts
    const pipe = new Pipe({
      ...this.#options,
      ...{ line, auth: greeting, ackTimeoutMs },
      heard: (event, payload) => listener[event as keyof typeof listener]?.(payload as never),
      refused: (error) => parts.refused(error),
      closed: (reason) => {
        pipes.delete(pipe)
        if (isAlive()) parts.closed(reason)
      },
    })
    pipes.add(pipe)
    return {
      request: (name, payload, answered) => {
        if (name === 'send' && 'clientId' in payload) this.#emitted.add(String(payload.clientId))
        pipe.request(name, payload, (answer) => {
          if (!isAlive()) return
          if (answer === undefined && pipes.has(pipe)) parts.unanswered()
          answered(answer as Parameters<typeof answered>[0])
        })
      },
      retire: () => pipe.retire(),
      close: () => pipe.close(),
    }
  }
}

function ownMessages(handle: ChannelHandle, personId: Id): readonly TimelineMessage[] {
  return handle
    .snapshot()
    .items.filter(
      (item) => item.kind === 'message' && item.author.id === personId && item.text !== null,
    )
    .filter((item) => item.kind === 'message')
}
