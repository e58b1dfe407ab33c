/** What the server has told us about ourselves: who we are, where we belong, what is unread, who is online. */
import type { DownPayload, Id, LogEvent, MyChannel, MyCommunity, Person } from '@madang/protocol'
import {
  changedChannel,
  channelOf,
  noPlaces,
  type Places,
  withChannel,
  withCommunity,
  withNews,
  withoutChannel,
} from './channels.ts'
import type { Clock } from './clock.ts'
import { type Presence, presenceOf, withoutCommunity, withPresence } from './presence.ts'
import type { ConnectionView, SessionView } from './types.ts'
import {
  withCount,
  withCursor,
  withDigest,
  withKnown,
  withLogEvent,
  withRead,
  withSent,
} from './unread.ts'
import { LazyView } from './view.ts'

export class Session {
  readonly view: LazyView<SessionView>
  #person: Person | undefined
  #places: Places = noPlaces
  #presence: Presence = new Map()
  #storageError: string | undefined

  constructor(clock: Clock, connection: () => ConnectionView) {
    this.view = new LazyView(clock, () => ({
      connection: connection(),
      person: this.#person,
      communities: this.#places.communities,
      channels: this.#places.channels,
      presence: this.#presence,
      ...(this.#storageError !== undefined && { storageError: this.#storageError }),
    }))
  }

  takeStorage(error: string | undefined): void {
    this.#storageError = error
    this.view.invalidate()
  }

  channel(channelId: Id): MyChannel | undefined {
    return channelOf(this.#places, channelId)
  }

  takeReady({ person, communities, channels, presence }: DownPayload<'ready'>): void {
    const same = this.#person?.id === person.id
    const ours = same ? this.#places.channels : []
    const known = new Map(ours.map((channel) => [channel.id, channel]))
    this.#person = person
    this.#places = {
      communities,
      channels: channels.map((told) => withKnown(told, known.get(told.id))),
    }
    this.#presence = presenceOf(presence)
    this.view.invalidate()
  }

  takeDigest(digest: DownPayload<'digest'>): void {
    this.#change(digest.channelId, (channel) => withDigest(channel, digest))
  }

  takeEvent(event: LogEvent): void {
    const self = this.#person?.id
    this.#change(event.channelId, (channel) =>
      withLogEvent(withNews(channel, event, self), event, self),
    )
  }

  takeSent(channelId: Id, seq: number): void {
    this.#change(channelId, (channel) => withSent(channel, seq))
  }

  takeRead({ channelId, cursor, unread }: DownPayload<'read'>): void {
    this.#change(channelId, (channel) => withRead(channel, { cursor, unread }))
  }

  /** Somebody has read up to `cursor` here; returns where the cursor is now. */
  read(
    channelId: Id,
    cursor: number,
    unreadAfter: (cursor: number, head: number) => number | undefined,
  ): number | undefined {
    this.#change(channelId, (channel) =>
      withCursor(channel, cursor, unreadAfter(cursor, channel.head)),
    )
    return this.channel(channelId)?.cursor
  }

  /** The channel's window, which reaches up to `upTo`, says how much is unread. */
  count(
    channelId: Id,
    upTo: number,
    unreadAfter: (cursor: number, head: number) => number | undefined,
  ): void {
    this.#change(channelId, (known) => {
      const head = Math.max(known.head, upTo)
      const channel = head === known.head ? known : { ...known, head }
      return withCount(channel, unreadAfter(channel.cursor, head))
    })
  }

  takeChannel(channel: MyChannel): void {
    this.#become(withChannel(this.#places, channel))
  }

  takeGone(channelId: Id): void {
    this.#become(withoutChannel(this.#places, channelId))
  }

  /** Returns the channels that are ours no more. */
  takeCommunity(community: MyCommunity): readonly Id[] {
    const before = this.#places.channels
    this.#become(withCommunity(this.#places, community))
    if (community.role === null) this.#presence = withoutCommunity(this.#presence, community.id)
    const kept = new Set(this.#places.channels)
    return before.filter((channel) => !kept.has(channel)).map((channel) => channel.id)
  }

  takePresence(notice: DownPayload<'presence'>): void {
    this.#presence = withPresence(this.#presence, notice)
    this.view.invalidate()
  }

  #change(channelId: Id, change: (channel: MyChannel) => MyChannel): void {
    this.#become(changedChannel(this.#places, channelId, change))
  }

  #become(places: Places): void {
    if (places === this.#places) return
    this.#places = places
    this.view.invalidate()
  }
}
