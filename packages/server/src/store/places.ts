/** The places part of the store's contract: communities, channels, who belongs to them, and how far they have read. */
import type {
  Author,
  Channel,
  ChannelKind,
  Community,
  Id,
  LogEvent,
  Member,
  MyChannel,
  MyCommunity,
  Person,
  Role,
  Visibility,
} from '@madang/protocol'

export interface NewCommunity {
  readonly id: Id
  readonly name: string
  readonly visibility: Visibility
  readonly createdAt: number
  readonly owner: Author
}

export interface NewChannel {
  readonly id: Id
  readonly communityId: Id
  readonly kind: ChannelKind
  readonly visibility: Visibility
  readonly name: string
  readonly topic: string
  readonly createdAt: number
  /** In a community, at most one channel has it: the two ids of a direct channel, or a well-known name. */
  readonly key?: string
  /** Refused as `limit_reached` where the community has so many channels, direct ones aside, also where the store's own bound is greater. */
  readonly channelsMax?: number
  /** The first members, appended as `joined` (the author) and `invited` events in the same commit. `eventId` is that event's id. */
  readonly author: Author
  readonly members: readonly {
    readonly person: Author
    readonly role: Role
    readonly eventId: Id
  }[]
}

/** What a person is in a community. */
export interface CommunityStanding {
  readonly community: Community
  readonly role: Role | null
  readonly banned: boolean
}

/** What a person is in a channel and in its community. */
export interface ChannelStanding extends CommunityStanding {
  readonly channel: Channel
  readonly channelRole: Role | null
  readonly channelBanned: boolean
}

export interface Belongings {
  readonly personId: Id
  /** As `placeVersions` gave it before the rest was read: the rest is as new, or newer. */
  readonly version: string
  /** Whether the person is kept out of the whole installation. */
  readonly disabled?: boolean
  readonly communities: readonly MyCommunity[]
  /** The channels with a membership, and the live channels of the person's communities with a cursor of theirs. */
  readonly channels: readonly MyChannel[]
}

export interface MembersRequest {
  /** The `next` of the page before. */
  readonly after?: string
  readonly limit: number
}

export interface MembersPage {
  /** By name, then id. */
  readonly members: readonly Member[]
  readonly next?: string
}

export interface BansPage {
  /** By name, then id: as in a page of members, under the names that they had there. */
  readonly banned: readonly Person[]
  readonly next?: string
}

export interface CursorMove {
  readonly personId: Id
  readonly channelId: Id
  readonly seq: number
}

export interface PlaceStore {
  /** Makes the community and its owner's membership. */
  createCommunity(community: NewCommunity): Promise<void>
  communityStanding(communityId: Id, personId: Id): Promise<CommunityStanding | null>
  /** The person's communities, and the public ones, by name; at most `limit` of the latter. */
  communities(personId: Id, limit: number): Promise<readonly MyCommunity[]>
  /** Sets the role; null ends the membership of the community (its channels' memberships end by events). A ban is kept with `banned`. */
  setCommunityMember(change: {
    readonly communityId: Id
    readonly personId: Id
    readonly role: Role | null
    readonly banned: boolean
    readonly at: number
  }): Promise<void>
  communityMembers(communityId: Id, page: MembersRequest): Promise<MembersPage>
  /** Who is kept out of the community, and who of the channel itself; each list is its own. */
  communityBans(communityId: Id, page: MembersRequest): Promise<BansPage>
  channelBans(channelId: Id, page: MembersRequest): Promise<BansPage>
  /** Makes the channel with its first members; where the key is taken, resolves to the channel that has it, with no events. */
  createChannel(
    channel: NewChannel,
  ): Promise<{ readonly channel: Channel; readonly events: readonly LogEvent[] }>
  channel(channelId: Id): Promise<Channel | null>
  channelByKey(communityId: Id, key: string): Promise<Channel | null>
  channelStanding(channelId: Id, personId: Id): Promise<ChannelStanding | null>
  /** A channel with the person's place in it. */
  myChannel(channelId: Id, personId: Id): Promise<MyChannel | null>
  /** The community's public channels, and the private and direct ones that the person is in, by name. */
  channels(communityId: Id, personId: Id): Promise<readonly MyChannel[]>
  channelMembers(channelId: Id, page: MembersRequest): Promise<MembersPage>
  /** What many people belong to, in a constant number of queries; unread counts are exact. */
  belongings(personIds: readonly Id[]): Promise<readonly Belongings[]>
  /**
   * For each person a text that is another one after any of their memberships of communities and channels was made, changed or ended, or they were disabled or enabled, and the same while none
   * was. Compared with nothing but equality. For thousands of people at once: it reads indexes only, in a constant number of queries per thousand.
   */
  placeVersions(personIds: readonly Id[]): Promise<ReadonlyMap<Id, string>>
  /** Moves cursors forward, never back and never past the head; resolves to where they are then, with the exact unread count. */
  moveCursors(
    moves: readonly CursorMove[],
  ): Promise<readonly { readonly cursor: number; readonly unread: number }[]>
}
