/**
 * What chat means. Both doors (sockets and HTTP) call this and nothing below it; it knows no Socket.IO, no HTTP and no SQL.
 *
 * Every method resolves after what it did is committed, and rejects with `Refusal` (or the store's `StoreError`). Inputs are valid by protocol's schemas: the
 * doors check them. Names and topics are kept in NFC, logins in lower case.
 *
 * Who is refused how, everywhere: what is not there, or not yours to see, is `not_found`; what you see but have no place in, `not_member`; where you are kept
 * out, `banned`; where your role does not reach, `forbidden`; a bound, `limit_reached` with its name. A channel is seen by its members and, where it is public, by the members
 * of its community; a community by its members and, where it is public, by everybody. Owners and moderators of a community lead its public channels too, and its
 * private ones once they are members; in a direct channel nobody leads.
 *
 * The last owner stays while others are there: `limit_reached`, `ownersMin`. Owners' changes of one place are made one after another on one node.
 */
import type {
  ChannelKind,
  Id,
  Lane,
  LogEvent,
  MyChannel,
  MyCommunity,
  Person,
  QuestionState,
  Role,
  Standing,
  Visibility,
} from '@madang/protocol'
import type {
  BansPage,
  Belongings,
  HistoryPage,
  MembersPage,
  MembersRequest,
} from '../store/store.ts'

export interface Sent {
  readonly id: Id
  readonly seq: number
  readonly createdAt: number
  readonly duplicate: boolean
}

export interface Place {
  readonly seq: number
}

export interface SignedIn {
  readonly person: Person
  readonly session: { readonly token: string; readonly expiresAt: number }
}

export interface Identity {
  readonly person: Person
  /** Set for sessions kept here; void when it is deleted. */
  readonly sessionId?: string
  /** Milliseconds since 1970; the connection ends then. */
  readonly expiresAt?: number
}

export interface Messages {
  /**
   * `question` and `notice` only in live channels (else `invalid`, field `lane`), notices by moderators only. The commit moves the author's cursor to the message, and nobody is
   * notified of that: a connection with the channel open learns it from the event, whose author's cursor is at least its seq; on the author's others a
   * digest counts it until the client that wrote it calls `read`, which tells them all.
   */
  send(
    by: Person,
    what: { channelId: Id; clientId: string; text: string; lane?: Lane },
  ): Promise<Sent>
  /** Its author, or a moderator; in a direct channel its author only. The same text again changes nothing. */
  edit(
    by: Person,
    what: { channelId: Id; target: number; text: string; clientId?: string },
  ): Promise<Place>
  /** As `edit`; deleting twice is deleting once. */
  delete(by: Person, what: { channelId: Id; target: number; clientId?: string }): Promise<Place>
  /** A moderator. */
  question(
    by: Person,
    what: { channelId: Id; target: number; state: QuestionState; clientId?: string },
  ): Promise<Place>
}

export interface Reading {
  history(
    by: Person,
    what: { channelId: Id; before?: number; after?: number; limit?: number },
  ): Promise<HistoryPage>
  /** The raw log after a seq. */
  events(
    by: Person,
    what: { channelId: Id; after: number; limit?: number },
  ): Promise<{ events: readonly LogEvent[]; head: number }>
  /** Moves the cursor forward, and tells all of the person's connections where it is, unless it was further already. */
  read(
    by: Person,
    what: { channelId: Id; cursor: number },
  ): Promise<{ cursor: number; unread: number }>
  /** The channel, if the person may read it now: a member, or in a public live channel a member of its community. */
  readable(by: Person, channelId: Id): Promise<MyChannel>
  /** Calls of the same moment share one query; each is answered by one that began after it. `banned`: the person is disabled. */
  belongings(personId: Id): Promise<Belongings>
  /** What tells, by being another one than in their `belongings`, that a person's places have changed since; for all who are connected to a node at once. */
  placeVersions(personIds: readonly Id[]): Promise<ReadonlyMap<Id, string>>
}

export interface Channels {
  list(by: Person, communityId: Id): Promise<readonly MyChannel[]>
  /** A channel that the person may see: one that is readable, or a public one of their community. */
  get(by: Person, channelId: Id): Promise<MyChannel>
  /** Made by any member of the community, who owns it; public where nothing is said. */
  create(
    by: Person,
    what: {
      communityId: Id
      kind: Exclude<ChannelKind, 'direct'>
      visibility?: Visibility
      name: string
      topic?: string
    },
  ): Promise<MyChannel>
  /** The channel of exactly these two members of the community; made when it is not there. Nobody joins, leaves, is invited, kicked or banned there, and it has no name: `forbidden`. */
  direct(by: Person, what: { communityId: Id; personId: Id }): Promise<MyChannel>
  /**
   * The public text channel that the community has under this name for whoever asks; made, and owned by the server, where it is not there yet. `general` is the community's
   * first channel. Nobody is joined to it. `pay` is called before one is made, and what it throws is what the call rejects with.
   */
  room(by: Person, what: { communityId: Id; name: string }, pay: () => void): Promise<Id>
  /** A moderator. */
  rename(by: Person, what: { channelId: Id; name?: string; topic?: string }): Promise<MyChannel>
  members(by: Person, channelId: Id, page: MembersRequest): Promise<MembersPage>
  /** What somebody is in a channel that the asker reads; `not_found` for whoever is neither in it, nor banned from it, nor in its community. */
  standing(by: Person, what: { channelId: Id; personId: Id }): Promise<Standing>
  /** Who is banned from the channel itself. Those who may `unban`. */
  bans(by: Person, channelId: Id, page: MembersRequest): Promise<BansPage>
  /** A member gets their present place. */
  join(by: Person, channelId: Id): Promise<MyChannel>
  /** In a public channel a retry gets the first answer; in a private one it is `not_found`. */
  leave(by: Person, channelId: Id): Promise<Place>
  /** Brings a member of the community in (else `not_found`; where they are banned, `forbidden`). Any member may invite to a public channel, moderators to a private one. Answers the inviter's place. */
  invite(by: Person, what: { channelId: Id; personId: Id }): Promise<MyChannel>
  /** Owners set any role, moderators make members and moderators; the last owner stays one. */
  setRole(by: Person, what: { channelId: Id; personId: Id; role: Role }): Promise<Place>
  /** Moderators remove members, owners anybody else; nobody themselves (`forbidden`: leave instead). */
  kick(by: Person, what: { channelId: Id; personId: Id; reason?: string }): Promise<Place>
  /** As `kick`, also somebody who is not there; a second ban gets the first answer. */
  ban(by: Person, what: { channelId: Id; personId: Id; reason?: string }): Promise<Place>
  /** A moderator. Who is not banned is `not_found`. */
  unban(by: Person, what: { channelId: Id; personId: Id }): Promise<Place>
}

export interface Communities {
  list(by: Person): Promise<readonly MyCommunity[]>
  /** Makes the community with a first public text channel, `general`; public where nothing is said. */
  create(
    by: Person,
    what: { name: string; visibility?: Visibility },
  ): Promise<{ community: MyCommunity; channels: readonly MyChannel[] }>
  members(by: Person, communityId: Id, page: MembersRequest): Promise<MembersPage>
  /** Who is banned from the community. Those who may `unban`. */
  bans(by: Person, communityId: Id, page: MembersRequest): Promise<BansPage>
  /** Oneself into a public community (and into its `general` channel). */
  join(by: Person, communityId: Id): Promise<MyCommunity>
  /** Brings somebody in, and into `general`: any member may where it is public, moderators where it is private. Answers the inviter's place. */
  invite(by: Person, what: { communityId: Id; personId: Id }): Promise<MyCommunity>
  /** As in channels. Answers one's own place. */
  setRole(by: Person, what: { communityId: Id; personId: Id; role: Role }): Promise<MyCommunity>
  /**
   * Oneself or, by the ladder, somebody: out of the community and then, with `left` or `kicked` events, out of all of its channels, the direct ones too. What
   * was broken off in the middle is finished by asking again. Who only watched its live channels gets no event there, only the `community` notice.
   */
  remove(by: Person, what: { communityId: Id; personId: Id }): Promise<void>
  /** Removes as `remove` does, with `kicked` events, and keeps the person out of the community until `unban`: bans of single channels are another thing, and stay. */
  ban(by: Person, what: { communityId: Id; personId: Id; reason?: string }): Promise<void>
  unban(by: Person, what: { communityId: Id; personId: Id }): Promise<void>
}

export interface People {
  /** A guest of the welcome community, where there is one. `guests_disabled` where they are. */
  guest(name: string): Promise<SignedIn>
  /** `conflict`, field `login`, where it is taken; `busy` where too many passwords wait to be hashed. */
  register(what: { login: string; password: string; name: string }): Promise<SignedIn>
  /** The same answer, at the same cost, whether the login or the password is wrong. */
  signIn(what: { login: string; password: string }): Promise<SignedIn>
  /** Voids a session of one's own, and has its connections closed. One that is not there, or not one's own, is left as it is. */
  signOut(by: Person, sessionId: string): Promise<void>
  /** Who a session's secret belongs to; null where it is void. */
  bySession(token: string): Promise<Identity | null>
  /** The same by the session's id, for whoever was found out to hold it by other means. */
  bySessionId(sessionId: string): Promise<Identity | null>
  /** What only the nodes of this installation know, made by the first that asks: a key to sign by where no other is configured. Null where the store keeps no accounts. */
  installationSecret(): Promise<string | null>
  /** Those of the sessions that are void by now; for all that are connected to a node at once. */
  voidSessions(sessionIds: readonly string[]): Promise<readonly string[]>
  /** Who a token of another system stands for; made at first sight, and then a person of the welcome community. */
  adopt(what: { externalId: string; name: string }): Promise<Person>
  person(id: Id): Promise<Person | null>
  /** Whether they may see and steer the whole installation, as the store says now. */
  /**
   * Keeps somebody out of the whole installation, or lets them in again: their connections end on every node, and their sessions and tokens are refused as `banned` or
   * `session_expired` meanwhile. `not_found`: there is nobody; `limit_reached`, `operatorsMin`: they are the last operator who may come in.
   */
  disable(personId: Id, disabled: boolean): Promise<void>
  isOperator(id: Id): Promise<boolean>
}

export interface Core {
  readonly messages: Messages
  readonly reading: Reading
  readonly channels: Channels
  readonly communities: Communities
  readonly people: People
  /** Makes what a fresh store needs: the welcome community with its `general` channel. Safe on many nodes at once. */
  prepare(): Promise<void>
}
