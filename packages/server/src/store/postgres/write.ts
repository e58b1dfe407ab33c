/** Writes the changes that a batch of appends made to its working set, and commits them, in one round trip. */
import type { WorkingSet } from '../append/working-set.ts'
import { byCursorKey } from '../queries/cursors.ts'
import { type Queries, together } from './together.ts'

const INSERT_EVENTS = 'insert into events select * from json_populate_recordset(null::events, $1)'
const UPDATE_MESSAGES = `update events set text = changed.text, edited_at = changed.edited_at,
    deleted_at = changed.deleted_at, rev = changed.rev, question = changed.question, question_seq = changed.question_seq
  from json_populate_recordset(null::events, $1) as changed
  where events.channel_id = changed.channel_id and events.seq = changed.seq`
const BLANK_EDITS = `update events set text = null
  from unnest($1::text[], $2::bigint[]) as gone(channel_id, target)
  where events.channel_id = gone.channel_id and events.target = gone.target and events.kind = 'edited'`
const UPDATE_CHANNELS = `update channels set head = changed.head, messages = changed.messages,
    name = changed.name, topic = changed.topic, renamed_seq = changed.renamed_seq
  from json_populate_recordset(null::channels, $1) as changed where channels.id = changed.id`
const PUT_MEMBERS = `insert into channel_members select * from json_populate_recordset(null::channel_members, $1)
  on conflict (channel_id, person_id) do update set name = excluded.name, role = excluded.role,
  banned = excluded.banned, joined_at = excluded.joined_at, last_seq = excluded.last_seq`
const MOVE_CURSORS = `insert into cursors select * from json_populate_recordset(null::cursors, $1)
  on conflict (person_id, channel_id) do update set seq = excluded.seq where excluded.seq > cursors.seq`

export async function write(queries: Queries, set: WorkingSet): Promise<void> {
  const sent: Promise<unknown>[] = []
  const send = (text: string, rows: readonly object[]) => {
    if (rows.length > 0) sent.push(queries.query(text, [JSON.stringify(rows)]))
  }
  // Rows that were appended and changed in the same batch are written in their last state.
  const isNew = new Set(set.appended)
  send(INSERT_EVENTS, set.appended)
  send(
    UPDATE_MESSAGES,
    [...set.changedMessages].filter((row) => !isNew.has(row)),
  )
  if (set.deletedMessages.length > 0) {
    const channelIds = set.deletedMessages.map(({ channelId }) => channelId)
    const seqs = set.deletedMessages.map(({ seq }) => seq)
    sent.push(queries.query(BLANK_EDITS, [channelIds, seqs]))
  }
  send(UPDATE_CHANNELS, [...set.changedChannels])
  send(PUT_MEMBERS, [...set.changedMembers])
  send(MOVE_CURSORS, [...set.cursors.values()].toSorted(byCursorKey))
  sent.push(queries.query('commit'))
  await together(sent)
}
