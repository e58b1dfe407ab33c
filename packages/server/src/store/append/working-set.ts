/** What one commit of appends works on: the rows it needs, loaded before, and the changes it makes, written after. */
import type { Id } from '@madang/protocol'
import type {
  ChannelMemberRow,
  ChannelRow,
  CommunityMemberRow,
  CursorRow,
  EventRow,
} from '../queries/tables.ts'

/** The place of an event. */
export interface EventPlace {
  readonly channelId: Id
  readonly seq: number
}

export interface Subject {
  readonly id: Id
  readonly name: string
}

/** The key of two ids, or of an id and a number. Ids have no spaces. */
export const pair = (first: string, second: string | number): string => `${first} ${second}`

/**
 * The rows that a batch needs, by key. Null says: looked for, and not there. Rows are changed in place, so that later entries
 * of the batch see what earlier ones did.
 */
export class WorkingSet {
  readonly channels = new Map<Id, ChannelRow | null>()
  /** By channel and person. */
  readonly members = new Map<string, ChannelMemberRow | null>()
  /** By community and person. */
  readonly communityMembers = new Map<string, CommunityMemberRow | null>()
  /** Those who are joined or invited, by id. */
  readonly subjects = new Map<Id, Subject | null>()
  /** How many channels each of them is a member of. */
  readonly memberships = new Map<Id, number>()
  /** By author and client id. */
  readonly once = new Map<string, EventRow | null>()
  /** By channel and seq: targets, and what this batch appends. */
  readonly events = new Map<string, EventRow | null>()

  readonly appended: EventRow[] = []
  readonly changedMessages = new Set<EventRow>()
  readonly changedChannels = new Set<ChannelRow>()
  readonly changedMembers = new Set<ChannelMemberRow>()
  /** Messages whose edits lose their text. */
  readonly deletedMessages: EventPlace[] = []
  /** By person and channel. */
  readonly cursors = new Map<string, CursorRow>()

  /** Gives the row the channel's next seq. */
  append(channel: ChannelRow, row: EventRow): EventRow {
    channel.head = row.seq
    this.changedChannels.add(channel)
    this.appended.push(row)
    this.events.set(pair(channel.id, row.seq), row)
    if (row.client_id !== null) this.once.set(pair(row.author_id, row.client_id), row)
    return row
  }

  moveCursor(personId: Id, channelId: Id, seq: number): void {
    const key = pair(personId, channelId)
    const known = this.cursors.get(key)
    if (known) known.seq = seq
    else this.cursors.set(key, { person_id: personId, channel_id: channelId, seq })
  }
}
