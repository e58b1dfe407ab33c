/** The channels that somebody looks at, and the last few that somebody did: brings events to them, and keeps their holes closed. */
import type { DownPayload, ErrorBody, Id, LogEvent, Person, Replay } from '@madang/protocol'
import { BOUNDS } from './bounds.ts'
import { Channel } from './channel.ts'
import type { Environment } from './environment.ts'
import type { Greeting, Link } from './link.ts'
import { Machine } from './machine.ts'
import {
  newOpenings,
  type Openings,
  type OpeningsEffect,
  type OpeningsInput,
  stepOpenings,
  wantedChannels,
} from './openings.ts'
import type { Draft, Receipt } from './outbox.ts'
import { newReads, type Reads, type ReadsEffect, type ReadsInput, stepReads } from './reads.ts'
import { errorFrom } from './refusals.ts'
import type { Sender } from './sender.ts'
import type { Session } from './session.ts'

export interface OpenChannelsParts {
  readonly environment: Environment
  readonly session: Session
  readonly sender: Sender
  link(): Link | undefined
  self(): Person | undefined
}

export class OpenChannels {
  readonly #parts: OpenChannelsParts
  /** In the order of their last opening or closing. */
  readonly #channels = new Map<Id, Channel>()
  readonly #openings: Machine<Openings, OpeningsInput, OpeningsEffect>
  readonly #reads: Machine<Reads, ReadsInput, ReadsEffect>

  constructor(parts: OpenChannelsParts) {
    this.#parts = parts
    const { clock, dice } = parts.environment
    const shared = { timer: { kind: 'timer' } as const, clock, dice }
    this.#openings = new Machine<Openings, OpeningsInput, OpeningsEffect>({
      ...shared,
      initial: newOpenings,
      step: stepOpenings,
      perform: (effect) => this.#sync(effect),
    })
    this.#reads = new Machine<Reads, ReadsInput, ReadsEffect>({
      ...shared,
      initial: newReads,
      step: stepReads,
      perform: (effect) => this.#tellRead(effect),
    })
  }

  open(channelId: Id): Channel {
    const channel = this.#channel(channelId)
    this.#openings.dispatch({ kind: 'open', channelId })
    return channel
  }

  close(channel: Channel): void {
    this.#openings.dispatch({ kind: 'close', channelId: channel.id })
    if (this.#isLookedAt(channel.id)) return
    channel.doneTyping()
    channel.lookAt(undefined)
    this.#shelve(channel)
  }

  get(channelId: Id): Channel | undefined {
    return this.#channels.get(channelId)
  }

  each(visit: (channel: Channel) => void): void {
    for (const channel of this.#channels.values()) visit(channel)
  }

  /** What a handshake says of where we are. */
  cursors(): Greeting['cursors'] {
    const wanted = wantedChannels(this.#openings.state)
    return Object.fromEntries(wanted.map((id) => [id, this.#channel(id).cursor]))
  }

  takeReady({ open, replays, channels, person }: DownPayload<'ready'>): void {
    this.each((channel) => channel.setSelf(person.id))
    const results = replays.map(({ channelId, error }) => ({ channelId, error: errorFrom(error) }))
    this.#openings.dispatch({ kind: 'ready', open, replays: results })
    for (const replay of replays) this.#takeReplay(replay)
    for (const { id, cursor } of channels) {
      this.#reads.dispatch({ kind: 'known', channelId: id, cursor })
    }
    this.#reads.dispatch({ kind: 'online' })
    this.each((channel) => {
      channel.online()
      this.#heal(channel)
    })
  }

  takeEvent(event: LogEvent): void {
    const channel = this.#channels.get(event.channelId)
    this.#parts.session.takeEvent(event)
    if (!channel) return
    channel.takeEvent(event)
    this.#recount(channel)
    this.#heal(channel)
  }

  /** Also of a channel that is closed meanwhile. */
  takeReceipt(draft: Draft, receipt: Receipt): void {
    const channel = this.#channels.get(draft.channelId)
    channel?.takeReceipt(draft, receipt)
    this.#parts.session.takeSent(draft.channelId, receipt.seq)
    if (channel) this.#recount(channel)
  }

  takeRead(notice: DownPayload<'read'>): void {
    const { channelId, cursor } = notice
    this.#parts.session.takeRead(notice)
    this.#reads.dispatch({ kind: 'known', channelId, cursor })
    const channel = this.#channels.get(channelId)
    if (channel) this.#recount(channel)
  }

  /** The server has opened it by itself, and says from where. */
  takeJoined(replay: Replay): void {
    const channel = this.#channel(replay.channelId)
    const error = errorFrom(replay.error)
    this.#openings.dispatch({ kind: 'joined', channelId: channel.id, error })
    this.#takeReplay(replay)
    if (!this.#isLookedAt(channel.id)) this.#shelve(channel)
  }

  takeMine(channelId: Id): void {
    this.#openings.dispatch({ kind: 'mine', channelId })
  }

  takeGone(channelId: Id, error: ErrorBody): void {
    this.#openings.dispatch({ kind: 'gone', channelId })
    this.#channels.get(channelId)?.takeGone(error)
  }

  takeStale(channelIds: readonly Id[]): void {
    this.#openings.dispatch({ kind: 'stale', channelIds })
  }

  markRead(channel: Channel, seq: number): void {
    const { session } = this.#parts
    const cursor = session.read(channel.id, seq, (from, head) => channel.unreadAfter(from, head))
    if (cursor !== undefined) {
      this.#reads.dispatch({ kind: 'mark', channelId: channel.id, cursor })
    }
  }

  lookAt(channel: Channel, seq: number | undefined): void {
    channel.lookAt(seq)
    this.#heal(channel)
  }

  lost(): void {
    this.#openings.dispatch({ kind: 'lost' })
    this.#reads.dispatch({ kind: 'lost' })
    this.each((channel) => channel.lost())
  }

  /** Another connection has taken the place of this one: only what was asked on it is asked again. */
  moved(): void {
    this.each((channel) => channel.moved())
  }

  stop(): void {
    this.each((channel) => channel.stop())
  }

  #channel(id: Id): Channel {
    const known = this.#channels.get(id)
    if (known) return known
    const { environment, sender, link, self } = this.#parts
    const channel = new Channel({
      id,
      environment,
      link,
      self,
      entries: () => sender.entriesOf(id),
      seen: (clientIds) => sender.dispatch({ kind: 'seen', clientIds }),
      paged: () => this.#recount(channel),
    })
    this.#channels.set(id, channel)
    return channel
  }

  #isLookedAt(channelId: Id): boolean {
    return (this.#openings.state.channels.get(channelId)?.openers ?? 0) > 0
  }

  /** To the end of those that nobody looks at; the first of them go where there are too many. */
  #shelve(channel: Channel): void {
    this.#channels.delete(channel.id)
    this.#channels.set(channel.id, channel)
    const closed = [...this.#channels.values()].filter((one) => !this.#isLookedAt(one.id))
    for (const one of closed.slice(0, -BOUNDS.closedTimelinesMax)) {
      one.stop()
      this.#channels.delete(one.id)
    }
  }

  #takeReplay(replay: Replay): void {
    const channel = this.#channels.get(replay.channelId)
    if (!channel) return
    channel.takeReplay(replay)
    for (const event of replay.events) this.#parts.session.takeEvent(event)
    // A page holds no edits, which may be the last of what it reaches up to.
    this.#recount(channel, replay.error || replay.events.length === 0 ? 0 : replay.head)
    if (!replay.error) this.#heal(channel)
  }

  #recount(channel: Channel, upTo = 0): void {
    const unreadAfter = channel.unreadAfter.bind(channel)
    this.#parts.session.count(channel.id, upTo, unreadAfter)
  }

  /** The server promises that there is no hole; we look all the same. */
  #heal(channel: Channel): void {
    if (channel.isBehind) this.takeStale([channel.id])
  }

  #sync({ open, close }: OpeningsEffect): void {
    const link = this.#parts.link()
    if (!link) return
    const request = {
      open: Object.fromEntries(open.map((id) => [id, this.#channel(id).cursor])),
      close: [...close],
    }
    link.request('sync', request, (answer) => {
      // Lost with its connection: the next handshake says it all anew.
      if (this.#parts.link() !== link) return
      if (!answer?.ok) {
        const error = errorFrom(answer?.error)
        return this.#openings.dispatch({ kind: 'failed', error })
      }
      const replays = answer.replays.map((one) => ({ ...one, error: errorFrom(one.error) }))
      this.#openings.dispatch({ kind: 'answered', replays })
      for (const replay of answer.replays) this.#takeReplay(replay)
    })
  }

  #tellRead({ channelId, cursor }: ReadsEffect): void {
    const link = this.#parts.link()
    link?.request('read', { channelId, cursor }, (answer) => {
      if (this.#parts.link() !== link) return
      if (answer?.ok) return this.takeRead({ channelId, ...answer })
      this.#reads.dispatch({ kind: 'failed', channelId, error: errorFrom(answer?.error) })
    })
  }
}
