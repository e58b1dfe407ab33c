/** Appends a batch to a store in memory: the decisions are those of every store, only loading and writing are its own. */
import type { Id } from '@madang/protocol'
import { answer, decide } from '../../append/decide.ts'
import { type AppendLimits, clientIdOf } from '../../append/decision.ts'
import { type EventPlace, pair, WorkingSet } from '../../append/working-set.ts'
import type { Append, AppendResult } from '../../log.ts'
import type { ChannelRow, EventRow } from '../../queries/tables.ts'
import type { Rows } from './rows.ts'

/** Results in the order of the entries. */
export function append(
  rows: Rows,
  entries: readonly Append[],
  limits: AppendLimits,
): AppendResult[] {
  const set = new WorkingSet()
  for (const entry of entries) load(rows, set, entry)
  const decisions = entries.map((entry) => decide(set, entry, limits))
  write(rows, set)
  return decisions.map((decision) => answer(decision, (place) => loadEvent(rows, set, place)))
}

function load(rows: Rows, set: WorkingSet, append: Append): void {
  const channel = rows.channels.get(append.channelId) ?? null
  set.channels.set(append.channelId, channel)
  if (channel === null) return
  const clientId = clientIdOf(append.entry)
  if (clientId !== undefined) {
    const key = pair(append.author.id, clientId)
    set.once.set(key, rows.once.get(key) ?? null)
  }
  if (append.needs !== 'nothing') loadPlace(rows, set, channel, append.author.id)
  if ('target' in append.entry) {
    loadEvent(rows, set, { channelId: channel.id, seq: append.entry.target })
  }
  if ('subject' in append.entry) loadSubject(rows, set, channel, append.entry.subject.id)
}

function loadEvent(rows: Rows, set: WorkingSet, { channelId, seq }: EventPlace): EventRow | null {
  const key = pair(channelId, seq)
  const known = set.events.get(key)
  if (known !== undefined) return known
  const row = rows.event(channelId, seq) ?? null
  set.events.set(key, row)
  return row
}

function loadPlace(rows: Rows, set: WorkingSet, channel: ChannelRow, personId: Id): void {
  const communityId = channel.community_id
  set.members.set(pair(channel.id, personId), rows.members.get(channel.id, personId) ?? null)
  const inCommunity = rows.communityMembers.get(communityId, personId) ?? null
  set.communityMembers.set(pair(communityId, personId), inCommunity)
}

function loadSubject(rows: Rows, set: WorkingSet, channel: ChannelRow, personId: Id): void {
  loadPlace(rows, set, channel, personId)
  set.subjects.set(personId, rows.persons.get(personId) ?? null)
  set.memberships.set(personId, rows.channelsOf(personId))
}

/** Rows that were there before are changed in place already. */
function write(rows: Rows, set: WorkingSet): void {
  for (const row of set.appended) rows.append(row)
  for (const { channelId, seq } of set.deletedMessages) {
    for (const row of rows.logs.get(channelId) ?? []) {
      if (row.kind === 'edited' && row.target === seq) row.text = null
    }
  }
  for (const row of set.changedMembers) {
    const known = rows.members.get(row.channel_id, row.person_id)
    if (known === undefined) rows.members.add(row.channel_id, row.person_id, row)
  }
  for (const row of set.cursors.values()) rows.moveCursor(row.person_id, row.channel_id, row.seq)
}
