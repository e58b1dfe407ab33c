/** One device of a simulated run: connects and comes back, shows what it is sent, and sends until it knows what became of it. */
import {
  type DownPayload,
  type Id,
  type LogEvent,
  type Replay,
  type UpName,
  WIRE_VERSION,
} from '@madang/protocol'
import type { Clock } from '../../clock.ts'
import type { MemoryClient, Seen } from '../../gateway/testing/memory-wire.ts'
import type { History, Line } from './history.ts'
import type { SimNode } from './node.ts'
import { Outbox } from './outbox.ts'
import type { Resident } from './place.ts'
import { View } from './view.ts'

export interface DeviceOptions {
  readonly index: number
  readonly resident: Resident
  /** Whether it names its cursors, as our client does; a stock client begins anew each time. */
  readonly resumes: boolean
  readonly history: History
  readonly clock: Clock
  readonly random: () => number
  /** Where a connection would be taken to now. */
  readonly choose: () => SimNode | undefined
}

interface Answer {
  readonly ok: boolean
  readonly error?: { readonly code: string; readonly retry: string }
  readonly replays?: readonly Replay[]
  readonly replay?: Replay
  readonly channel?: { readonly id: Id; readonly head: number }
}

/** A handshake that is not answered by then is given up, in ms. */
const HANDSHAKE_MS_MAX = 4_000
/** Until whatever failed is tried again, in ms. */
const RETRY_MS = 300

export class Device {
  readonly views = new Map<Id, View>()
  /** The person's channels as far as the device was told, and how far it knows each to have moved. */
  readonly known = new Map<Id, number>()
  readonly outbox: Outbox
  readonly #options: DeviceOptions
  readonly #wanted = new Set<Id>()
  #node: SimNode | undefined
  #memory: MemoryClient | undefined
  #line: Line
  #ready = false
  #stopped = false

  constructor(options: DeviceOptions, channels: readonly Id[]) {
    const { index, resident } = options
    this.#options = options
    this.#line = { device: index, personId: resident.person.id, connection: 0 }
    this.outbox = new Outbox(options.history, options.clock, index)
    if (options.resumes) for (const id of channels) this.#wanted.add(id)
  }

  get personId(): Id {
    return this.#line.personId
  }

  get index(): number {
    return this.#line.device
  }

  /** Whether it is connected and was told where it is. */
  get ready(): boolean {
    return this.#ready
  }

  connect(): void {
    if (this.#stopped) return
    const { choose, clock, history, resident } = this.#options
    const line = { ...this.#line, connection: this.#line.connection + 1 }
    this.#line = line
    const node = choose()
    if (node === undefined) {
      this.#comeBack(RETRY_MS)
      return
    }
    this.#node = node
    const cursors = this.#cursors()
    const auth = { token: resident.token, ...(cursors && { wire: WIRE_VERSION, cursors }) }
    clock.after(HANDSHAKE_MS_MAX, () => {
      if (this.#line === line && this.#memory === undefined) this.#comeBack(0)
    })
    node.wire.connect({ auth }).then(
      (memory) => {
        if (this.#line !== line) return memory.close()
        history.tell(`${this.#name()} is connected to ${node.name}`)
        this.#attach(memory, line, cursors)
      },
      () => {
        if (this.#line === line) this.#comeBack(RETRY_MS)
      },
    )
  }

  /** The connection breaks; the node notices. */
  break(forMs: number): void {
    const memory = this.#memory
    this.#comeBack(forMs)
    memory?.close()
  }

  /** The node ended without a word. */
  bereft(node: SimNode): void {
    if (this.#node === node) this.#comeBack(Math.floor(this.#options.random() * 500))
  }

  stop(): void {
    this.#stopped = true
    this.#memory?.close()
    this.#lose()
  }

  send(channelId: Id): void {
    const what = this.outbox.add(this.personId, channelId)
    if (this.#ready) this.outbox.transmit(what, this.#memory)
  }

  change(does: 'edit' | 'delete', channelId: Id, back: number): void {
    const mine = this.outbox.acknowledged.filter((sent) => sent.channelId === channelId)
    const target = mine.at(-1 - back)?.seq
    if (target === undefined) return
    const clientId = `x${this.index}-${this.outbox.next()}`
    const text = `edit ${clientId}`
    this.#ask(does, { channelId, target, clientId, ...(does === 'edit' && { text }) }, () => {})
  }

  join(channelId: Id): void {
    this.#ask('join', { channelId }, ({ channel, replay }) => {
      if (channel === undefined || replay === undefined) return
      this.#yours(channelId, channel.head)
      this.#wanted.add(channelId)
      this.#opened(channelId, null, replay)
    })
  }

  leave(channelId: Id): void {
    this.#ask('leave', { channelId }, () => {})
  }

  open(channelId: Id): void {
    if (!this.known.has(channelId)) return
    this.#wanted.add(channelId)
    this.#sync(channelId)
  }

  close(channelId: Id): void {
    this.#ask('sync', { close: [channelId] }, () => {
      this.views.delete(channelId)
      this.#wanted.delete(channelId)
    })
  }

  read(channelId: Id): void {
    const cursor = this.views.get(channelId)?.at
    if (cursor === undefined) return
    this.#ask('read', { channelId, cursor }, () => {})
    this.#ask('typing', { channelId, typing: true }, () => {})
  }

  #name(): string {
    return `device ${this.index}`
  }

  #cursors(): Record<Id, number | null> | undefined {
    if (!this.#options.resumes) return undefined
    return Object.fromEntries([...this.#wanted].map((id) => [id, this.views.get(id)?.at ?? null]))
  }

  #attach(memory: MemoryClient, line: Line, cursors: Record<Id, number | null> | undefined): void {
    this.#memory = memory
    const see = (seen: Seen) => {
      if (this.#line === line) this.#see(seen, cursors ?? {})
    }
    for (const seen of [...memory.seen]) see(seen)
    memory.onSeen = see
  }

  #lose(): void {
    this.#line = { ...this.#line }
    this.#memory = undefined
    this.#node = undefined
    this.#ready = false
    if (this.#options.resumes) return
    this.views.clear()
  }

  #comeBack(afterMs: number): void {
    this.#lose()
    const line = this.#line
    this.#options.clock.after(afterMs + 1, () => {
      if (this.#line === line) this.connect()
    })
  }

  #see({ event, payload }: Seen, cursors: Record<Id, number | null>): void {
    const { history, clock, random } = this.#options
    const line = this.#line
    const down = <N extends keyof Payloads>(_: N) => payload as Payloads[N]
    switch (event) {
      case 'ready':
        this.#welcomed(down('ready'), cursors)
        break
      case 'event':
        this.#live(down('event'))
        break
      case 'channel':
        this.#given(down('channel').channel)
        break
      case 'digest':
        this.#moved(down('digest'))
        break
      case 'typing':
        history.note({ what: 'typing', line, channelId: down('typing').channelId })
        break
      case 'gone':
        this.#gone(down('gone').channelId)
        break
      case 'goaway':
        clock.after(Math.floor(random() * down('goaway').withinMs), () => {
          if (this.#line === line) this.break(0)
        })
        return
      case 'closed':
        this.#comeBack(Math.floor(random() * RETRY_MS))
    }
  }

  #welcomed(ready: Payloads['ready'], cursors: Record<Id, number | null>): void {
    this.#ready = true
    this.known.clear()
    for (const { id, head } of ready.channels) this.#yours(id, head)
    for (const replay of ready.replays) {
      const { channelId, head } = replay
      this.#opened(channelId, cursors[channelId] ?? (this.#options.resumes ? null : head), replay)
    }
    this.outbox.transmitAll(this.#memory)
  }

  #live(event: LogEvent): void {
    this.#options.history.note({ what: 'live', line: this.#line, event })
    this.views.get(event.channelId)?.apply(event)
    this.known.set(event.channelId, Math.max(event.seq, this.known.get(event.channelId) ?? 0))
  }

  /** A stock client has everything open that it is told of. */
  #given({ id, head }: { readonly id: Id; readonly head: number }): void {
    this.#yours(id, head)
    if (this.views.has(id)) return
    if (!this.#options.resumes) {
      this.#opened(id, head, { head, events: [], limited: false })
    } else if (this.#options.random() < 0.7) this.open(id)
  }

  /** A channel that is open gets no digest: where one comes, its opening came to nothing. */
  #moved({ channelId, head }: Payloads['digest']): void {
    this.#options.history.note({ what: 'digest', line: this.#line, channelId, head })
    this.known.set(channelId, Math.max(head, this.known.get(channelId) ?? 0))
  }

  #gone(channelId: Id): void {
    this.#options.history.note({ what: 'gone', line: this.#line, channelId })
    this.#forget(channelId)
    this.known.delete(channelId)
  }

  #forget(channelId: Id): void {
    this.views.delete(channelId)
    this.#wanted.delete(channelId)
  }

  #yours(channelId: Id, head: number): void {
    this.#options.history.note({ what: 'yours', line: this.#line, channelId, head })
    this.known.set(channelId, Math.max(head, this.known.get(channelId) ?? 0))
  }

  #opened(
    channelId: Id,
    cursor: number | null,
    replay: Pick<Replay, 'head' | 'events' | 'limited' | 'error'>,
  ): void {
    const { head, events, limited, error } = replay
    if (error !== undefined) {
      if (error.retry === 'never') this.#forget(channelId)
      else this.#later(() => this.#wanted.has(channelId) && this.#sync(channelId))
      return
    }
    const line = this.#line
    this.#options.history.note({ what: 'opened', line, channelId, cursor, limited, head, events })
    const view = this.views.get(channelId)
    if (limited || view === undefined) this.views.set(channelId, new View(events, head))
    else for (const event of events) view.apply(event)
    this.known.set(channelId, Math.max(head, this.known.get(channelId) ?? 0))
  }

  #sync(channelId: Id): void {
    const cursor = this.views.get(channelId)?.at ?? null
    this.#ask('sync', { open: { [channelId]: cursor } }, ({ ok, replays }) => {
      if (!ok) this.#later(() => this.#wanted.has(channelId) && this.#sync(channelId))
      for (const replay of replays ?? []) this.#opened(replay.channelId, cursor, replay)
    })
  }

  /** The answer is forgotten where the connection ends before it. */
  #ask(event: UpName, request: object, answered: (answer: Answer) => void): void {
    const line = this.#line
    if (!this.#ready) return
    this.#memory?.ask(event, request, (answer) => {
      if (this.#line === line) answered(answer as Answer)
    })
  }

  /** On the same connection, or not at all. */
  #later(run: () => void): void {
    const line = this.#line
    this.#options.clock.after(RETRY_MS, () => {
      if (this.#line === line) run()
    })
  }
}

type Payloads = {
  readonly [N in
    | 'ready'
    | 'event'
    | 'channel'
    | 'digest'
    | 'typing'
    | 'gone'
    | 'goaway']: DownPayload<N>
}
