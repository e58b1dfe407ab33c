/** Communities, channels and who belongs to them, in a store in memory. */
import type { Channel, Id, LogEvent, Member, MyChannel, MyCommunity } from '@madang/protocol'
import type {
  BansPage,
  Belongings,
  ChannelStanding,
  CommunityStanding,
  CursorMove,
  MembersPage,
  MembersRequest,
} from '../../places.ts'
import { byName } from '../../queries/communities.ts'
import { toEvent } from '../../queries/event-row.ts'
import { type Peers, toChannel, toMyChannel } from '../../queries/my-channels.ts'
import type { ChannelRow, CommunityRow } from '../../queries/tables.ts'
import { type HistoryPage, type HistoryRequest, StoreError } from '../../store.ts'
import { isDisabled } from './people.ts'
import type { Rows } from './rows.ts'

const toCommunity = ({ id, name, visibility, created_at: createdAt }: CommunityRow) => ({
  ...{ id, name, visibility, createdAt },
})

export function communityStanding(
  rows: Rows,
  communityId: Id,
  personId: Id,
): CommunityStanding | null {
  const row = rows.communities.get(communityId)
  if (row === undefined) return null
  const place = rows.communityMembers.get(communityId, personId)
  return {
    community: toCommunity(row),
    role: place?.role ?? null,
    banned: place?.banned === 1,
  }
}

function ownCommunities(rows: Rows, personId: Id): MyCommunity[] {
  return rows.communityMembers.in(personId).flatMap(({ community_id, role }) => {
    const row = rows.communities.get(community_id)
    return row === undefined || role === null ? [] : { ...toCommunity(row), role }
  })
}

/** The person's own, then the public ones that they are neither in nor banned from; by name. */
export function communities(rows: Rows, personId: Id, limit: number): MyCommunity[] {
  const open = [...rows.communities.values()]
    .filter(({ id, visibility }) => {
      const place = rows.communityMembers.get(id, personId)
      return visibility === 'public' && (place?.role ?? null) === null && place?.banned !== 1
    })
    .sort(byName)
    .slice(0, limit)
    .map((row) => ({ ...toCommunity(row), role: null }))
  return [...ownCommunities(rows, personId), ...open].sort(byName)
}

export function channelOf(rows: Rows, channelId: Id): Channel | null {
  const row = rows.channels.get(channelId)
  return row === undefined ? null : toChannel(row)
}

export function channelByKey(rows: Rows, communityId: Id, key: string): Channel | null {
  for (const row of rows.channels.values()) {
    if (row.community_id === communityId && row.key === key) return toChannel(row)
  }
  return null
}

export function channelStanding(rows: Rows, channelId: Id, personId: Id): ChannelStanding | null {
  const row = rows.channels.get(channelId)
  const place = row && communityStanding(rows, row.community_id, personId)
  if (!place) return null
  const member = rows.members.get(channelId, personId)
  return {
    ...place,
    channel: toChannel(row),
    channelRole: member?.role ?? null,
    channelBanned: member?.banned === 1,
  }
}

function placeIn(rows: Rows, row: ChannelRow, personId: Id): MyChannel {
  const place = {
    ...row,
    role: rows.members.get(row.id, personId)?.role ?? null,
    cursor: rows.cursor(personId, row.id) ?? null,
    unread: rows.unread(personId, row.id),
  }
  return toMyChannel(place, personId, row.kind === 'direct' ? peersOf(rows, row.id) : new Map())
}

function peersOf(rows: Rows, channelId: Id): Peers {
  const members = rows.members.of(channelId).filter(({ role }) => role !== null)
  const peers = members.map(({ person_id: id, name }) => ({ id, name })).sort(byName)
  return new Map([[channelId, peers]])
}

export function myChannel(rows: Rows, channelId: Id, personId: Id): MyChannel | null {
  const row = rows.channels.get(channelId)
  return row === undefined ? null : placeIn(rows, row, personId)
}

export function channels(rows: Rows, communityId: Id, personId: Id): MyChannel[] {
  return [...rows.channels.values()]
    .filter(({ id, community_id, kind, visibility }) => {
      if (community_id !== communityId) return false
      if ((rows.members.get(id, personId)?.role ?? null) !== null) return true
      return visibility === 'public' && kind !== 'direct'
    })
    .map((row) => placeIn(rows, row, personId))
    .sort(byName)
}

/** Whether it is among the person's places: by a membership, or to be watched by all of the community. */
function isOwn(rows: Rows, row: ChannelRow, personId: Id): boolean {
  const place = rows.communityMembers.get(row.community_id, personId)
  if ((place?.role ?? null) === null) return false
  const member = rows.members.get(row.id, personId)
  if ((member?.role ?? null) !== null) return true
  return row.kind === 'live' && row.visibility === 'public' && member?.banned !== 1
}

export function belongings(rows: Rows, personId: Id): Belongings {
  return {
    personId,
    version: placeVersion(rows, personId),
    ...(isDisabled(rows, personId) && { disabled: true }),
    communities: ownCommunities(rows, personId).sort(byName),
    channels: [...rows.channels.values()]
      .filter((row) => isOwn(rows, row, personId))
      .map((row) => placeIn(rows, row, personId))
      .sort(byName),
  }
}

export function placeVersion(rows: Rows, personId: Id): string {
  const communities = rows.communityMembers.in(personId).reduce((sum, { rev }) => sum + rev, 0)
  const members = rows.members.in(personId).reduce((sum, { last_seq }) => sum + last_seq, 0)
  return `${communities}.${members}`
}

interface Listed {
  readonly person_id: Id
  readonly name: string
  readonly role: Member['role'] | null
  readonly banned: number
  readonly joined_at: number
}

/** A page goes on after a person, of whom it need no longer be true. */
function pageOf(
  all: readonly Listed[],
  isIn: (row: Listed) => boolean,
  { after, limit }: MembersRequest,
) {
  const last = all.find(({ person_id }) => person_id === after)
  if (after !== undefined && last === undefined) {
    throw new StoreError('invalid', 'No page of members ends there.')
  }
  const key = ({ name, person_id: id }: Listed) => ({ name, id })
  const rest = all
    .filter(isIn)
    .filter((row) => last === undefined || byName(key(row), key(last)) > 0)
    .sort((a, b) => byName(key(a), key(b)))
  const page = rest.slice(0, limit)
  const end = page.at(-1)
  return { page, end: rest.length > limit && end ? { next: end.person_id } : {} }
}

export function membersPage(
  rows: Rows,
  all: readonly Listed[],
  request: MembersRequest,
): MembersPage {
  const { page, end } = pageOf(all, ({ role }) => role !== null, request)
  const members = page.flatMap(({ person_id, role, name, joined_at: joinedAt }) => {
    const person = rows.persons.get(person_id)
    if (person === undefined || role === null) return []
    return { person: { id: person.id, name, kind: person.kind }, role, joinedAt }
  })
  return { members, ...end }
}

export function bansPage(rows: Rows, all: readonly Listed[], request: MembersRequest): BansPage {
  const { page, end } = pageOf(all, ({ banned }) => banned === 1, request)
  const banned = page.flatMap(({ person_id: id, name }) => {
    const person = rows.persons.get(id)
    return person === undefined ? [] : { id, name, kind: person.kind }
  })
  return { banned, ...end }
}

/** A channel that is not there has cursor 0 and nothing unread. */
export function moveCursor(rows: Rows, { personId, channelId, seq }: CursorMove) {
  const channel = rows.channels.get(channelId)
  if (channel === undefined) return { cursor: 0, unread: 0 }
  rows.moveCursor(personId, channelId, Math.max(0, Math.min(seq, channel.head)))
  return {
    cursor: rows.cursor(personId, channelId) ?? 0,
    unread: rows.unread(personId, channelId),
  }
}

const FOLDED: ReadonlySet<string> = new Set(['edited', 'deleted', 'question'])

export function history(rows: Rows, request: HistoryRequest): HistoryPage {
  const { channelId, before = Number.POSITIVE_INFINITY, after, limit } = request
  const log = rows.logs.get(channelId) ?? []
  const shown = log.filter(
    ({ kind, seq }) => !FOLDED.has(kind) && seq < before && seq > (after ?? 0),
  )
  const page = after === undefined ? shown.slice(-limit) : shown.slice(0, limit)
  return { events: page.map(toEvent), head: log.length, more: shown.length > page.length }
}

export function eventsAfter(rows: Rows, channelId: Id, after: number, limit: number): LogEvent[] {
  return (rows.logs.get(channelId) ?? []).slice(after, after + limit).map(toEvent)
}
