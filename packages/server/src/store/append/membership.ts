/** Decides entries about who belongs to a channel: joined, invited, role, left, kicked, banned, unbanned. */
import type { Append, Entry } from '../log.ts'
import { toEvent } from '../queries/event-row.ts'
import type { ChannelMemberRow, ChannelRow } from '../queries/tables.ts'
import { type AppendLimits, type Decision, refused, repeated, rowOf } from './decision.ts'
import { pair, type WorkingSet } from './working-set.ts'

type MembershipEntry = Extract<Entry, { subject: unknown }>
type Coming = Extract<MembershipEntry, { kind: 'joined' | 'invited' | 'role' }>

/** One entry about one subject, with what is known of the two. */
interface Case<E extends MembershipEntry> {
  readonly set: WorkingSet
  readonly channel: ChannelRow
  readonly append: Append
  readonly entry: E
  /** The subject's row, also where the membership ended; absent where there never was one. */
  readonly member: ChannelMemberRow | undefined
}

/** Appends the event, and notes it as the last one of the membership. */
function appendEvent({ set, channel, append, entry, member }: Case<MembershipEntry>): Decision {
  const row = rowOf(channel, append)
  row.subject_id = entry.subject.id
  row.subject_name = entry.subject.name
  if ('role' in entry) row.role = entry.role
  if ('reason' in entry) row.reason = entry.reason ?? null
  set.append(channel, row)
  if (member) {
    member.last_seq = row.seq
    set.changedMembers.add(member)
  }
  return { outcome: 'appended', event: toEvent(row) }
}

/** Makes the subject's row, so that what happened to somebody who never was a member is kept too. */
function ensureMember(
  { set, channel, append, entry, member }: Case<MembershipEntry>,
  name: string,
) {
  if (member) return member
  const made: ChannelMemberRow = {
    channel_id: channel.id,
    person_id: entry.subject.id,
    name,
    role: null,
    banned: 0,
    joined_at: append.createdAt,
    last_seq: 0,
  }
  set.members.set(pair(channel.id, entry.subject.id), made)
  return made
}

function count(set: WorkingSet, personId: string, change: number): void {
  const known = set.memberships.get(personId)
  if (known !== undefined) set.memberships.set(personId, known + change)
}

function decideEntering(the: Case<Coming>, limits: AppendLimits): Decision {
  const { set, channel, append, entry, member } = the
  const subject = set.subjects.get(entry.subject.id)
  if (!subject) return refused('not_found')
  const inCommunity = set.communityMembers.get(pair(channel.community_id, subject.id))
  if (member?.banned === 1 || inCommunity?.banned === 1) return refused('banned')
  if (member && member.role !== null) return repeated(channel, member.last_seq)
  if (!inCommunity || inCommunity.role === null) return refused('not_member')
  const memberships = set.memberships.get(subject.id) ?? 0
  if (memberships >= limits.channelsPerPersonMax) return refused('limit_reached')
  const made = ensureMember(the, subject.name)
  made.name = subject.name
  made.role = entry.role
  made.joined_at = append.createdAt
  count(set, subject.id, 1)
  set.moveCursor(subject.id, channel.id, channel.head + 1)
  return appendEvent({ ...the, member: made })
}

function decideRole(the: Case<Coming>): Decision {
  const { channel, entry, member } = the
  if (!member || member.role === null) return refused('not_found')
  if (member.role === entry.role) return repeated(channel, member.last_seq)
  member.role = entry.role
  return appendEvent(the)
}

function endMembership({ set }: Case<MembershipEntry>, member: ChannelMemberRow): void {
  if (member.role !== null) count(set, member.person_id, -1)
  member.role = null
}

function decideEnding(the: Case<MembershipEntry>): Decision {
  const { channel, member } = the
  if (!member || member.role === null) return repeated(channel, member?.last_seq ?? null)
  endMembership(the, member)
  return appendEvent(the)
}

function decideBanned(the: Case<MembershipEntry>): Decision {
  const { set, channel, entry, member } = the
  if (member?.banned === 1) return repeated(channel, member.last_seq)
  const subject = set.subjects.get(entry.subject.id)
  if (!subject) return refused('not_found')
  const made = ensureMember(the, subject.name)
  endMembership(the, made)
  made.banned = 1
  return appendEvent({ ...the, member: made })
}

function decideUnbanned(the: Case<MembershipEntry>): Decision {
  const { channel, member } = the
  if (!member || member.banned === 0) return repeated(channel, member?.last_seq ?? null)
  member.banned = 0
  return appendEvent(the)
}

export function decideMembership(
  set: WorkingSet,
  channel: ChannelRow,
  append: Append,
  entry: MembershipEntry,
  limits: AppendLimits,
): Decision {
  const member = set.members.get(pair(channel.id, entry.subject.id)) ?? undefined
  const common = { set, channel, append, member }
  switch (entry.kind) {
    case 'joined':
    case 'invited':
      return decideEntering({ ...common, entry }, limits)
    case 'role':
      return decideRole({ ...common, entry })
    case 'left':
    case 'kicked':
      return decideEnding({ ...common, entry })
    case 'banned':
      return decideBanned({ ...common, entry })
    case 'unbanned':
      return decideUnbanned({ ...common, entry })
  }
}
