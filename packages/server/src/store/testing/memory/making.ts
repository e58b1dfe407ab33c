/** Makes communities and channels in a store in memory, and says who belongs to a community. */
import type { Channel, Id, LogEvent } from '@madang/protocol'
import { pair } from '../../append/working-set.ts'
import type { NewChannel, NewCommunity, PlaceStore } from '../../places.ts'
import type { PlaceLimits } from '../../queries/communities.ts'
import { toEvent } from '../../queries/event-row.ts'
import { toChannel } from '../../queries/my-channels.ts'
import type { ChannelRow, EventRow } from '../../queries/tables.ts'
import { StoreError } from '../../store.ts'
import { channelByKey } from './places.ts'
import type { Rows } from './rows.ts'

function nameOf(rows: Rows, personId: Id): string {
  const row = rows.persons.get(personId)
  if (row) return row.name
  throw new StoreError('not_found', 'There is no such person.')
}

function admit(rows: Rows, personId: Id, limits: PlaceLimits): void {
  const places = rows.communityMembers.in(personId).filter(({ role }) => role !== null)
  if (places.length < limits.communitiesPerPersonMax) return
  throw new StoreError('limit_reached', 'The person is in communitiesPerPersonMax communities.')
}

export function createCommunity(rows: Rows, community: NewCommunity, limits: PlaceLimits): void {
  const { id, name, visibility, createdAt, owner } = community
  if (rows.communities.has(id)) {
    throw new StoreError('conflict', 'There is a community with this id already.')
  }
  const ownerName = nameOf(rows, owner.id)
  admit(rows, owner.id, limits)
  rows.communities.set(id, { id, name, visibility, created_at: createdAt })
  rows.communityMembers.add(id, owner.id, {
    ...{ community_id: id, person_id: owner.id, name: ownerName, role: 'owner' },
    ...{ banned: 0, joined_at: createdAt, rev: 1 },
  })
}

export function setCommunityMember(
  rows: Rows,
  change: Parameters<PlaceStore['setCommunityMember']>[0],
  limits: PlaceLimits,
): void {
  const { communityId, personId, banned, at } = change
  const role = banned ? null : change.role
  if (!rows.communities.has(communityId)) {
    throw new StoreError('not_found', 'There is no such community.')
  }
  const name = nameOf(rows, personId)
  const known = rows.communityMembers.get(communityId, personId)
  if (known?.banned === 1 && role !== null) {
    throw new StoreError('banned', 'The person is banned.')
  }
  const entering = role !== null && (known?.role ?? null) === null
  if (entering) admit(rows, personId, limits)
  const place = { name, role, banned: banned ? 1 : 0 }
  if (known === undefined) {
    const key = { community_id: communityId, person_id: personId }
    rows.communityMembers.add(communityId, personId, { ...key, ...place, joined_at: at, rev: 1 })
    return
  }
  Object.assign(known, place, { rev: known.rev + 1 }, entering && { joined_at: at })
}

function checkCommunity(
  rows: Rows,
  { communityId, channelsMax = Number.POSITIVE_INFINITY }: NewChannel,
  limits: PlaceLimits,
): void {
  if (!rows.communities.has(communityId)) {
    throw new StoreError('not_found', 'There is no such community.')
  }
  const count = [...rows.channels.values()].filter(
    ({ community_id, kind }) => community_id === communityId && kind !== 'direct',
  ).length
  if (count < Math.min(limits.channelsPerCommunityMax, channelsMax)) return
  throw new StoreError('limit_reached', 'The community has as many channels as it may have.')
}

function checkMember(rows: Rows, communityId: Id, personId: Id, limits: PlaceLimits): void {
  const place = rows.communityMembers.get(communityId, personId)
  if (place?.banned === 1) throw new StoreError('banned', 'A member is banned.')
  if (!place || place.role === null) {
    throw new StoreError('not_member', 'A member is not in the community.')
  }
  if (rows.channelsOf(personId) < limits.channelsPerPersonMax) return
  throw new StoreError('limit_reached', 'A member is in channelsPerPersonMax channels.')
}

export function createChannel(
  rows: Rows,
  channel: NewChannel,
  limits: PlaceLimits,
): { readonly channel: Channel; readonly events: readonly LogEvent[] } {
  const { communityId, key, members } = channel
  const known = key === undefined ? null : channelByKey(rows, communityId, key)
  if (known) return { channel: known, events: [] }
  checkCommunity(rows, channel, limits)
  for (const { person } of members) checkMember(rows, communityId, person.id, limits)
  const row = channelRow(channel)
  rows.channels.set(row.id, row)
  rows.logs.set(row.id, [])
  const events = members.map((_, index) => enter(rows, channel, index))
  return { channel: toChannel(row), events: events.map(toEvent) }
}

function enter(rows: Rows, channel: NewChannel, index: number): EventRow {
  const member = channel.members[index]
  if (!member) throw new RangeError(`the channel has no member ${index + 1}`)
  const { person, role, eventId } = member
  const { id: channelId, createdAt, communityId, author } = channel
  const seq = index + 1
  const name = rows.communityMembers.get(communityId, person.id)?.name ?? person.name
  rows.members.add(channelId, person.id, {
    ...{ channel_id: channelId, person_id: person.id, name, role },
    ...{ banned: 0, joined_at: createdAt, last_seq: seq },
  })
  rows.cursors.set(pair(person.id, channelId), seq)
  const row: EventRow = {
    ...{ channel_id: channelId, seq, id: eventId, created_at: createdAt },
    kind: person.id === author.id ? 'joined' : 'invited',
    ...{ author_id: author.id, author_name: author.name, client_id: null, lane: null, text: null },
    ...{ target: null, subject_id: person.id, subject_name: person.name, role, reason: null },
    ...{ name: null, topic: null, question: null, edited_at: null, deleted_at: null },
    ...{ rev: null, question_seq: null },
  }
  rows.append(row)
  return row
}

function channelRow(channel: NewChannel): ChannelRow {
  const { id, communityId, kind, visibility, name, topic, createdAt, key, members } = channel
  return {
    ...{ id, community_id: communityId, kind, visibility, name, topic, created_at: createdAt },
    ...{ key: key ?? null, epoch: createdAt.toString(36), head: members.length },
    ...{ messages: 0, renamed_seq: null },
  }
}
