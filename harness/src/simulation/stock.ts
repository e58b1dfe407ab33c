/** A device with a stock client: begins anew with each connection, shows what it is sent, and sends until it knows what became of it. */
import type { FakeClock } from '@madang/fanout/testing'
import type { DownPayload, Id, LogEvent } from '@madang/protocol'
import type { Resident, SimNode } from '@madang/server/simulation'
import type { Deed } from './deeds.ts'
import type { History, Line } from './history.ts'
import { Pipe } from './pipe.ts'
import { StockOutbox } from './stock-outbox.ts'
import { View } from './view.ts'

export interface DeviceOptions {
  readonly index: number
  readonly resident: Resident
  readonly history: History
  readonly clock: FakeClock
  readonly random: () => number
  readonly lagMsMax: number
  readonly storageMsMax: number
  /** Where a connection would be taken to now. */
  choose(): SimNode | undefined
  /** Whether anything passes between the node and its clients now. */
  reaches(node: SimNode): boolean
}

/** What a person does at a device. */
export type Act = Extract<Deed, { channel: number; device: number }>

/** A handshake that is not answered by then is given up, in ms. */
const HANDSHAKE_MS_MAX = 4_000
/** Until whatever failed is tried again, in ms. */
const RETRY_MS = 300
const ACK_MS_MAX = 10_000

export class StockDevice {
  readonly views = new Map<Id, View>()
  /** The person's channels as far as the device was told, and how far it knows each to have moved. */
  readonly known = new Map<Id, number>()
  readonly outbox: StockOutbox
  readonly #options: DeviceOptions
  #pipe: Pipe | undefined
  #line: Line
  #ready = false
  #stopped = false

  constructor(options: DeviceOptions) {
    const { index, resident } = options
    this.#options = options
    this.#line = { device: index, personId: resident.person.id, connection: 0 }
    this.outbox = new StockOutbox(options.history, options.clock, index)
  }

  get personId(): Id {
    return this.#line.personId
  }

  get index(): number {
    return this.#line.device
  }

  /** Connections that have not ended. */
  get pipes(): readonly Pipe[] {
    return this.#pipe === undefined || this.#pipe.over ? [] : [this.#pipe]
  }

  /** Whether it is connected and was told where it is. */
  get ready(): boolean {
    return this.#ready
  }

  start(): void {
    if (this.#stopped) return
    const { clock, resident } = this.#options
    const line = { ...this.#line, connection: this.#line.connection + 1 }
    this.#line = line
    const pipe = new Pipe({
      ...this.#options,
      ...{ line, auth: { token: resident.token }, ackTimeoutMs: ACK_MS_MAX },
      heard: (event, payload) => this.#heard(event, payload),
      refused: () => this.#comeBack(RETRY_MS),
      closed: () => this.#comeBack(Math.floor(this.#options.random() * 2 * RETRY_MS)),
    })
    this.#pipe = pipe
    clock.after(HANDSHAKE_MS_MAX, () => {
      if (this.#pipe === pipe && !this.#ready) pipe.break('the handshake takes too long')
    })
  }

  /** The page is loaded anew. */
  reload(): void {
    this.#pipe?.break('reloaded')
  }

  stop(): void {
    this.#stopped = true
    this.#pipe?.close()
  }

  send(channelId: Id): void {
    const what = this.outbox.add(this.personId, channelId)
    if (this.#ready && this.#pipe) this.outbox.transmit(what, this.#pipe)
  }

  act({ do: what, ...rest }: Act, channelId: Id): void {
    const asks = { channelId }
    if (what === 'join' || what === 'leave') this.#ask(what, asks)
    else if (what === 'type') this.#ask('typing', { ...asks, typing: true })
    else if (what === 'read') {
      const cursor = this.views.get(channelId)?.at
      if (cursor !== undefined) this.#ask('read', { ...asks, cursor })
    } else if ((what === 'edit' || what === 'delete') && 'back' in rest) {
      const mine = this.outbox.acknowledged.filter((sent) => sent.channelId === channelId)
      const target = mine.at(-1 - rest.back)?.seq
      if (target === undefined) return
      const text = `edit ${this.index}-${this.outbox.next()}`
      this.#ask(what, { ...asks, target, ...(what === 'edit' && { text }) })
    }
  }

  #ask(name: 'join' | 'leave' | 'typing' | 'read' | 'edit' | 'delete', request: object): void {
    if (!this.#ready) return
    const pipe = this.#pipe
    pipe?.request(name, request, (answer) => {
      if (name !== 'join') return
      // What became of it nobody knows; where it was done, asking again brings what it brought.
      if (answer === undefined && pipe === this.#pipe) this.#ask(name, request)
      else if (!this.#joined(answer)) this.#askLater(name, request)
    })
  }

  /** The channel is ours, and could not be opened for now. A new connection opens by itself what it names. */
  #askLater(name: 'join', request: object): void {
    const pipe = this.#pipe
    this.#options.clock.after(RETRY_MS, () => {
      if (pipe === this.#pipe) this.#ask(name, request)
    })
  }

  /** Whether there is nothing more to ask for. */
  #joined(answer: unknown): boolean {
    const { channel, replay } = (answer ?? {}) as {
      readonly channel?: { readonly id: Id; readonly head: number }
      readonly replay?: DownPayload<'ready'>['replays'][number]
    }
    if (channel === undefined || replay === undefined) return true
    if (replay.error !== undefined) return replay.error.retry === 'never'
    this.views.set(channel.id, new View(replay.events, replay.head))
    this.#knows(channel.id, replay.head)
    return true
  }

  #comeBack(afterMs: number): void {
    this.#ready = false
    this.views.clear()
    this.known.clear()
    const pipe = this.#pipe
    this.#options.clock.after(afterMs + 1, () => {
      if (this.#pipe === pipe) this.start()
    })
  }

  #heard(event: string, payload: unknown): void {
    const down = <N extends keyof Payloads>(_: N) => payload as Payloads[N]
    switch (event) {
      case 'ready':
        this.#welcomed(down('ready'))
        break
      case 'event':
        this.#live(down('event'))
        break
      case 'channel': {
        const { id, head } = down('channel').channel
        this.#knows(id, head)
        if (!this.views.has(id)) this.views.set(id, new View([], head))
        break
      }
      case 'digest':
        this.#knows(down('digest').channelId, down('digest').head)
        break
      case 'gone':
        this.views.delete(down('gone').channelId)
        this.known.delete(down('gone').channelId)
        break
      case 'goaway': {
        const { clock, random } = this.#options
        const pipe = this.#pipe
        const waitMs = Math.floor(random() * down('goaway').withinMs)
        clock.after(waitMs, () => pipe?.break('the node goes away'))
      }
    }
  }

  #welcomed({ channels, replays }: Payloads['ready']): void {
    this.#ready = true
    for (const { id, head } of channels) this.#knows(id, head)
    for (const { channelId, head, events, error } of replays) {
      if (error === undefined) this.views.set(channelId, new View(events, head))
    }
    if (this.#pipe) this.outbox.transmitAll(this.#pipe)
  }

  #live(event: LogEvent): void {
    this.views.get(event.channelId)?.apply(event)
    this.#knows(event.channelId, event.seq)
  }

  #knows(channelId: Id, head: number): void {
    this.known.set(channelId, Math.max(head, this.known.get(channelId) ?? 0))
  }
}

type Payloads = {
  readonly [N in 'ready' | 'event' | 'channel' | 'digest' | 'gone' | 'goaway']: DownPayload<N>
}
