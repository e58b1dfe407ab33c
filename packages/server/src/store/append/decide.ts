/** Decides what becomes of one entry: appended with its effects, repeated or refused. Shared by every SQL store. */
import type { Append, AppendResult, Entry } from '../log.ts'
import { toEvent } from '../queries/event-row.ts'
import type { ChannelRow, EventRow } from '../queries/tables.ts'
import {
  type AppendLimits,
  clientIdOf,
  type Decision,
  refused,
  repeated,
  rowOf,
} from './decision.ts'
import { decideMembership } from './membership.ts'
import { decideCreated, decideDelete, decideEdit, decideQuestion, targetOf } from './message.ts'
import { refusal } from './standing.ts'
import { type EventPlace, pair, type WorkingSet } from './working-set.ts'

/** What was answered to the first entry with this client id, if there was one. */
function decideRepeat(set: WorkingSet, append: Append): Decision | null {
  const clientId = clientIdOf(append.entry)
  if (clientId === undefined) return null
  const first = set.once.get(pair(append.author.id, clientId))
  if (!first) return null
  if (first.channel_id !== append.channelId || first.kind !== append.entry.kind) {
    return refused('conflict')
  }
  const at = { channelId: first.channel_id, seq: first.seq }
  // Another copy of the row may be there already, with changes of this batch.
  const key = pair(at.channelId, at.seq)
  if (!set.events.get(key)) set.events.set(key, first)
  return { outcome: 'repeated', at }
}

function decideStanding(set: WorkingSet, channel: ChannelRow, append: Append): Decision | null {
  if (append.needs === 'nothing') return null
  const member = set.members.get(pair(channel.id, append.author.id))
  const inCommunity = set.communityMembers.get(pair(channel.community_id, append.author.id))
  const target = targetOf(set, append)
  const code = refusal(append.needs, {
    channel,
    communityRole: inCommunity?.role ?? null,
    communityBanned: inCommunity?.banned === 1,
    channelRole: member?.role ?? null,
    channelBanned: member?.banned === 1,
    // Who may write is told that the target is not there, others that they may not.
    wroteTarget: target === null || target.author_id === append.author.id,
  })
  return code === null ? null : refused(code)
}

function decideRenamed(
  set: WorkingSet,
  channel: ChannelRow,
  append: Append,
  entry: Entry & { kind: 'renamed' },
): Decision {
  if (channel.name === entry.name && channel.topic === entry.topic) {
    return repeated(channel, channel.renamed_seq)
  }
  const row = rowOf(channel, append)
  row.name = entry.name
  row.topic = entry.topic
  set.append(channel, row)
  channel.name = entry.name
  channel.topic = entry.topic
  channel.renamed_seq = row.seq
  return { outcome: 'appended', event: toEvent(row) }
}

/** Decides one entry, and puts its effects into the working set, where the next entry sees them. */
export function decide(set: WorkingSet, append: Append, limits: AppendLimits): Decision {
  const channel = set.channels.get(append.channelId)
  if (!channel) return refused('not_found')
  const earlier = decideRepeat(set, append) ?? decideStanding(set, channel, append)
  if (earlier) return earlier
  const { entry } = append
  switch (entry.kind) {
    case 'created':
      return decideCreated(set, channel, append, entry)
    case 'edited':
      return decideEdit(set, channel, append, entry)
    case 'deleted':
      return decideDelete(set, channel, append)
    case 'question':
      return decideQuestion(set, channel, append, entry)
    case 'renamed':
      return decideRenamed(set, channel, append, entry)
    default:
      return decideMembership(set, channel, append, entry, limits)
  }
}

/** The answer to a decision; `find` knows the events that stand for repeated entries. */
export function answer(
  decision: Decision,
  find: (place: EventPlace) => EventRow | null,
): AppendResult {
  if (decision.outcome !== 'repeated') return decision
  const row = decision.at === null ? null : find(decision.at)
  return { outcome: 'repeated', event: row === null ? null : toEvent(row) }
}
