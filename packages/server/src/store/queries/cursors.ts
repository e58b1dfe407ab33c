/** Moves cursors forward, and counts what is left to read. */
import type { Id } from '@madang/protocol'
import type { Kysely } from 'kysely'
import type { CursorMove } from '../places.ts'
import { inChunks } from './chunks.ts'
import { heads } from './log.ts'
import { UNREAD } from './my-channels.ts'
import type { CursorRow, Tables } from './tables.ts'

export interface Reading {
  readonly cursor: number
  readonly unread: number
}

const keyOf = (personId: Id, channelId: Id): string => `${personId} ${channelId}`

/** The order in which everybody writes cursors, so that nobody waits in a circle. */
export function byCursorKey(a: CursorRow, b: CursorRow): number {
  if (a.person_id !== b.person_id) return a.person_id < b.person_id ? -1 : 1
  return a.channel_id < b.channel_id ? -1 : a.channel_id > b.channel_id ? 1 : 0
}

/** For each person and channel the furthest seq that is asked for and there. */
function targets(moves: readonly CursorMove[], known: ReadonlyMap<Id, number>): CursorRow[] {
  const furthest = new Map<string, CursorRow>()
  for (const { personId, channelId, seq } of moves) {
    const head = known.get(channelId)
    if (head === undefined) continue
    const key = keyOf(personId, channelId)
    const wanted = Math.max(0, Math.min(seq, head), furthest.get(key)?.seq ?? 0)
    furthest.set(key, { person_id: personId, channel_id: channelId, seq: wanted })
  }
  return [...furthest.values()].toSorted(byCursorKey)
}

function readCursors(db: Kysely<Tables>, rows: readonly CursorRow[]) {
  return inChunks(rows, (part) =>
    db
      .selectFrom('cursors as reading')
      .innerJoin('channels as channel', 'channel.id', 'reading.channel_id')
      .select(['reading.person_id', 'reading.channel_id', 'reading.seq', UNREAD])
      .where(({ eb, or, and }) =>
        or(
          part.map((row) =>
            and([
              eb('reading.person_id', '=', row.person_id),
              eb('reading.channel_id', '=', row.channel_id),
            ]),
          ),
        ),
      )
      .execute(),
  )
}

/** Results in the order of the moves. A channel that is not there has cursor 0 and nothing unread. */
export async function moveCursors(
  db: Kysely<Tables>,
  moves: readonly CursorMove[],
): Promise<Reading[]> {
  const known = await heads(
    db,
    moves.map(({ channelId }) => channelId),
  )
  const wanted = targets(moves, known)
  await inChunks(wanted, (part) =>
    db
      .insertInto('cursors')
      .values(part)
      .onConflict((conflict) =>
        conflict
          .columns(['person_id', 'channel_id'])
          .doUpdateSet(({ ref }) => ({ seq: ref('excluded.seq') }))
          .whereRef('excluded.seq', '>', 'cursors.seq'),
      )
      .execute(),
  )
  const rows = await readCursors(db, wanted)
  const byKey = new Map(rows.map((row) => [keyOf(row.person_id, row.channel_id), row]))
  return moves.map(({ personId, channelId }) => {
    const row = byKey.get(keyOf(personId, channelId))
    return { cursor: row?.seq ?? 0, unread: row?.unread ?? 0 }
  })
}
