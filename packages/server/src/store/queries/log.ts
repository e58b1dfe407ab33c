/** Reads of the log: events after a seq, pages of history, heads. */
import type { Id } from '@madang/protocol'
import type { Kysely } from 'kysely'
import type { EventPage, EventsRequest, HistoryPage, HistoryRequest } from '../log.ts'
import { inChunks } from './chunks.ts'
import { toEvent } from './event-row.ts'
import type { EventRow, Tables } from './tables.ts'

export async function heads(
  db: Kysely<Tables>,
  channelIds: readonly Id[],
): Promise<Map<Id, number>> {
  const rows = await inChunks([...new Set(channelIds)], (ids) =>
    db.selectFrom('channels').select(['id', 'head']).where('id', 'in', ids).execute(),
  )
  return new Map(rows.map(({ id, head }) => [id, head]))
}

/** Seqs are dense, so that a limit is a range, and the ranges of many channels are one query. */
interface Range {
  readonly channelId: Id
  readonly after: number
  readonly upTo: number
}

function readRanges(db: Kysely<Tables>, ranges: readonly Range[]): Promise<EventRow[]> {
  return inChunks(ranges, (part) =>
    db
      .selectFrom('events')
      .selectAll()
      .where(({ eb, or, and }) =>
        or(
          part.map(({ channelId, after, upTo }) =>
            and([eb('channel_id', '=', channelId), eb('seq', '>', after), eb('seq', '<=', upTo)]),
          ),
        ),
      )
      .orderBy('channel_id')
      .orderBy('seq')
      .execute(),
  )
}

/** The heads are read first, and nothing later than them: the log only grows, so that the two agree without a transaction. */
export async function eventsAfter(
  db: Kysely<Tables>,
  requests: readonly EventsRequest[],
): Promise<EventPage[]> {
  const known = await heads(
    db,
    requests.map(({ channelId }) => channelId),
  )
  const ranges = requests.map(({ channelId, after, limit }) => {
    const head = known.get(channelId) ?? 0
    return { channelId, head, after, upTo: Math.min(after + limit, head) }
  })
  const rows = await readRanges(
    db,
    ranges.filter(({ after, upTo }) => upTo > after),
  )
  const byChannel = Map.groupBy(rows, (row) => row.channel_id)
  return ranges.map(({ channelId, head, after, upTo }) => {
    const bySeq = new Map(byChannel.get(channelId)?.map((row) => [row.seq, row]))
    const events = []
    for (let seq = after + 1; seq <= upTo; seq++) {
      const row = bySeq.get(seq)
      if (row === undefined) throw new Error(`the log of channel ${channelId} has no seq ${seq}`)
      events.push(toEvent(row))
    }
    return { channelId, events, head }
  })
}

export async function history(db: Kysely<Tables>, request: HistoryRequest): Promise<HistoryPage> {
  const { channelId, before, after, limit } = request
  const head = (await heads(db, [channelId])).get(channelId) ?? 0
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('channel_id', '=', channelId)
    .where('seq', '<=', head)
    .where('kind', 'not in', ['edited', 'deleted', 'question'])
    .$if(before !== undefined, (query) => query.where('seq', '<', before ?? 0))
    .$if(after !== undefined, (query) => query.where('seq', '>', after ?? 0))
    .orderBy('seq', after === undefined ? 'desc' : 'asc')
    .limit(limit + 1)
    .execute()
  const page = rows.slice(0, limit)
  if (after === undefined) page.reverse()
  return { events: page.map(toEvent), head, more: rows.length > limit }
}
