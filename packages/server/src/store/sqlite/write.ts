/** Writes the changes that a batch of appends made to its working set. */
import type { WorkingSet } from '../append/working-set.ts'
import type { EventRow } from '../queries/tables.ts'
import type { Database, Statement } from './database.ts'

// A message is nearly every row of the log; its statement binds only what a message can have when it is new.
const INSERT_MESSAGE = `insert into events
  (channel_id, seq, id, kind, created_at, author_id, author_name, client_id, lane, text, edited_at, deleted_at, rev, question, question_seq)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const INSERT_OTHER = `insert into events
  (channel_id, seq, id, kind, created_at, author_id, author_name, client_id, text, target, subject_id, subject_name, role, reason, name, topic, question)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const UPDATE_MESSAGE = `update events
  set text = ?, edited_at = ?, deleted_at = ?, rev = ?, question = ?, question_seq = ?
  where channel_id = ? and seq = ?`
const BLANK_EDITS = `update events set text = null
  where channel_id = ? and target = ? and kind = 'edited'`
const UPDATE_CHANNEL =
  'update channels set head = ?, messages = ?, name = ?, topic = ?, renamed_seq = ? where id = ?'
const PUT_MEMBER = `insert into channel_members
  (channel_id, person_id, name, role, banned, joined_at, last_seq) values (?, ?, ?, ?, ?, ?, ?)
  on conflict (channel_id, person_id) do update set name = excluded.name, role = excluded.role,
  banned = excluded.banned, joined_at = excluded.joined_at, last_seq = excluded.last_seq`
const MOVE_CURSOR = `insert into cursors (person_id, channel_id, seq) values (?, ?, ?)
  on conflict (person_id, channel_id) do update set seq = excluded.seq where excluded.seq > seq`

export class Writer {
  readonly #insertMessage: Statement
  readonly #insertOther: Statement
  readonly #updateMessage: Statement
  readonly #blankEdits: Statement
  readonly #updateChannel: Statement
  readonly #putMember: Statement
  readonly #moveCursor: Statement

  constructor(database: Database) {
    this.#insertMessage = database.prepare(INSERT_MESSAGE)
    this.#insertOther = database.prepare(INSERT_OTHER)
    this.#updateMessage = database.prepare(UPDATE_MESSAGE)
    this.#blankEdits = database.prepare(BLANK_EDITS)
    this.#updateChannel = database.prepare(UPDATE_CHANNEL)
    this.#putMember = database.prepare(PUT_MEMBER)
    this.#moveCursor = database.prepare(MOVE_CURSOR)
  }

  write(set: WorkingSet): void {
    // Rows that were appended and changed in the same batch are written in their last state.
    for (const row of set.appended) this.#insert(row)
    for (const row of set.changedMessages) this.#update(row)
    for (const { channelId, seq } of set.deletedMessages) this.#blankEdits.run([channelId, seq])
    for (const row of set.changedChannels) {
      const { head, messages, name, topic, renamed_seq, id } = row
      this.#updateChannel.run([head, messages, name, topic, renamed_seq, id])
    }
    for (const row of set.changedMembers) {
      const { channel_id, person_id, name, role, banned, joined_at, last_seq } = row
      this.#putMember.run([channel_id, person_id, name, role, banned, joined_at, last_seq])
    }
    for (const row of set.cursors.values()) {
      this.#moveCursor.run([row.person_id, row.channel_id, row.seq])
    }
  }

  #insert(row: EventRow): void {
    const { channel_id, seq, id, kind, created_at, author_id, author_name, client_id, text } = row
    const common = [channel_id, seq, id, kind, created_at, author_id, author_name, client_id]
    if (kind === 'created') {
      const { lane, edited_at, deleted_at, rev, question, question_seq } = row
      const state = [lane, text, edited_at, deleted_at, rev, question, question_seq]
      this.#insertMessage.run([...common, ...state])
      return
    }
    const { target, subject_id, subject_name, role, reason, name, topic, question } = row
    const rest = [text, target, subject_id, subject_name, role, reason, name, topic, question]
    this.#insertOther.run([...common, ...rest])
  }

  #update(row: EventRow): void {
    const { text, edited_at, deleted_at, rev, question, question_seq, channel_id, seq } = row
    const state = [text, edited_at, deleted_at, rev, question, question_seq]
    this.#updateMessage.run([...state, channel_id, seq])
  }
}
