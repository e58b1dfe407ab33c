/** Rows of channels' logs. */
import { Head, Id, LIMITS } from '@madang/protocol'
import { z } from 'zod'
import { DEADLINES } from '../deadlines.ts'
import { mapRow, row, silentRow } from '../row.ts'
import * as shapes from '../shapes.ts'

const read = { need: 'required', repeats: 'always', deadlineMs: DEADLINES.readMsMax } as const

export const logMethods = {
  ping: silentRow<'ping'>()(
    [],
    {},
    {
      summary: 'Answers null where the truth can be reached.',
      need: 'required',
      repeats: 'never',
      deadlineMs: DEADLINES.pingMsMax,
    },
  ),
  append: row<'append'>()(
    ['entries'],
    { entries: z.array(shapes.Append) },
    z.array(shapes.AppendResult),
    {
      summary:
        'Appends to channels’ logs, in one commit; one result per entry, in their order. Per channel the seqs are 1, 2, 3, ... in commit order with no holes. What is refused here reaches the sender as its error and nobody else at all. ' +
        '(author, client id) is unique: a second entry with it is `repeated`, with the first one’s event. An answer means: it is on disk.',
      need: 'required',
      repeats: 'once',
      deadlineMs: DEADLINES.writeMsMax,
      itemsMax: LIMITS.appendBatchMax,
    },
  ),
  eventsAfter: row<'eventsAfter'>()(
    ['requests'],
    { requests: z.array(shapes.EventsRequest) },
    z.array(shapes.EventPage),
    {
      ...read,
      summary:
        'Events after a seq, of many channels, one page per request in their order: ascending and dense from `after` + 1, at most `limit`. `created` events are in their present state. A channel that does not exist has head 0.',
      itemsMax: 1_000,
    },
  ),
  history: row<'history'>()(['request'], { request: shapes.HistoryRequest }, shapes.HistoryPage, {
    ...read,
    summary:
      'A page of a channel’s past: the events before `before`, or after `after`, or the latest; ascending, without `edited`, `deleted` and `question`, which are in their messages. `more`: whether there are further ones in that direction.',
  }),
  heads: mapRow<'heads'>()(['channelIds'], { channelIds: z.array(Id) }, Head, {
    ...read,
    summary:
      'The last seq of each channel, by channel. A channel that does not exist is absent. Asked every second or ten by every node: make it cheap.',
  }),
}
