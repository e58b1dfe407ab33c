/** What a timeline is in, and what each event makes of it. */
import type { LogEvent, Replay } from '@madang/protocol'
import { errorBody } from '@madang/protocol/errors'
import {
  hasHole,
  isAway,
  isBehind,
  newTimeline,
  type PageWanted,
  type Timeline,
  withAcknowledged,
  withEvent,
  withoutPaging,
  withPage,
  withPaging,
  withReader,
  withReplay,
} from '../../timeline.ts'
import { author, ModelLog } from '../model-log.ts'
import { cells, type Table, tableCase } from './table.ts'

/**
 * unloaded: nothing has come yet · holed: events are known that did not come · paging: an older page is on its way · turning: a newer one is ·
 * live: the rows reach the last event · away: the newest rows are not loaded · leaving: so it is, and nobody reads back any longer.
 */
export type TimelineState =
  | 'unloaded'
  | 'live'
  | 'paging'
  | 'holed'
  | 'away'
  | 'turning'
  | 'leaving'

/** Rows come at either end, or are changed, or all others than before. `hold`, `keep`, `ahead`: it is put by for later. `drop`: rows go. */
export type TimelineChange =
  | 'append'
  | 'prepend'
  | 'amend'
  | 'replace'
  | 'drop'
  | 'hold'
  | 'keep'
  | 'ahead'

/** Ten messages; the last three are not in the samples. */
const log = new ModelLog()
for (let at = 0; at < 10; at += 1)
  log.send({ clientId: `c${at}`, by: author(1), text: `text ${at}` })
const KNOWN = 7
const known = { ...log.replay(undefined, 4), head: KNOWN }
const page: Replay = { ...known, events: [4, 5, 6, 7].map((seq) => log.raw(seq)) }

const unloaded = newTimeline(author(0).id)
const live = withReader(withReplay(unloaded, page), 5)
const away: Timeline = {
  ...live,
  window: { first: 4, end: 5, last: 7 },
  rows: live.rows.slice(0, 2),
}
const SAMPLES: Record<TimelineState, Timeline> = {
  unloaded,
  live,
  paging: withPaging(live, false),
  holed: withEvent(live, log.raw(9)),
  away,
  turning: withPaging(away, true),
  leaving: withReader(away, undefined),
}

const last = (timeline: Timeline): number => timeline.window?.last ?? 0
const next = (timeline: Timeline): LogEvent => log.raw(last(timeline) + 1)
const replay = (timeline: Timeline, more: Partial<Replay> = {}): Replay => ({
  ...log.replay(last(timeline), 99),
  ...more,
})
const answered =
  (wanted: PageWanted) =>
  (timeline: Timeline): Timeline => {
    const { paging } = timeline
    const isAnswer = paging !== undefined && 'before' in paging === 'before' in wanted
    const asked = isAnswer ? paging : wanted
    return withPage(timeline, { wanted: asked, ...log.asked(asked, 99), head: 7 })
  }

const EVENTS = {
  nextEvent: (at: Timeline) => withEvent(at, next(at)),
  knownEvent: (at: Timeline) => withEvent(at, log.raw(5)),
  eventPastAHole: (at: Timeline) => withEvent(at, log.raw(last(at) + 3)),
  nextEdit: (at: Timeline) =>
    withEvent(at, { ...next(at), kind: 'edited', target: 5, text: 'edited' } as LogEvent),
  replay: (at: Timeline) => withReplay(at, replay(at)),
  replayWithAHole: (at: Timeline) => withReplay(at, replay(at, { events: [] })),
  limitedReplay: (at: Timeline) => withReplay(at, { ...log.replay(undefined, 2), limited: true }),
  replayOfAnotherEpoch: (at: Timeline) =>
    withReplay(at, { ...page, epoch: 'e2', head: 1, events: [log.raw(1)] }),
  refusedReplay: (at: Timeline) => withReplay(at, replay(at, { error: errorBody('busy') })),
  askOlder: (at: Timeline) => withPaging(at, false),
  askNewer: (at: Timeline) => withPaging(at, true),
  olderPage: answered({ before: 4 }),
  newerPage: answered({ after: 5 }),
  pageLost: withoutPaging,
  acknowledged: (at: Timeline) =>
    withAcknowledged(at, { ...log.raw(last(at) + 2), author: author(0) } as never),
  lookBack: (at: Timeline) => withReader(at, 4),
  lookAtEnd: (at: Timeline) => withReader(at, undefined),
} as const satisfies Record<string, (at: Timeline) => Timeline>

export type TimelineEvent = keyof typeof EVENTS

function stateOf(timeline: Timeline): TimelineState {
  if (!timeline.window) return 'unloaded'
  if (hasHole(timeline)) return 'holed'
  if (timeline.paging) return 'after' in timeline.paging ? 'turning' : 'paging'
  if (!isAway(timeline)) return 'live'
  return isBehind(timeline) ? 'leaving' : 'away'
}

function changes(before: Timeline, after: Timeline): readonly TimelineChange[] {
  const was = new Map(before.rows.map((row) => [row.seq, row]))
  const is = new Set(after.rows.map(({ seq }) => seq))
  const came = after.rows.filter(({ seq }) => !was.has(seq)).map(({ seq }) => seq)
  const kept = after.rows.filter(({ seq }) => was.has(seq))
  const isOther = before.epoch !== undefined && before.epoch !== after.epoch
  const [first = 0, end = 0] = [before.rows[0]?.seq, before.rows.at(-1)?.seq]
  const replaced = before.rows.length > 0 && came.length > 0 && (kept.length === 0 || isOther)
  const found: Record<TimelineChange, boolean> = {
    replace: replaced,
    prepend: !replaced && came.some((seq) => seq < first),
    append: !replaced && came.some((seq) => seq > end),
    amend: !replaced && kept.some((row) => was.get(row.seq)?.rev !== row.rev),
    drop: !replaced && before.rows.some(({ seq }) => !is.has(seq)),
    hold: after.held.length > before.held.length,
    keep: after.meanwhile.length > before.meanwhile.length,
    ahead: after.ahead.length > before.ahead.length,
  }
  return (Object.keys(found) as TimelineChange[]).filter((change) => found[change])
}

const to = cells<TimelineState, TimelineChange>()

export const TIMELINE_TABLE = {
  unloaded: {
    nextEvent: to('unloaded', 'hold'),
    knownEvent: to('unloaded', 'hold'),
    eventPastAHole: to('unloaded', 'hold'),
    nextEdit: to('unloaded', 'hold'),
    replay: to('live', 'append'),
    replayWithAHole: to('live'),
    limitedReplay: to('live', 'append'),
    replayOfAnotherEpoch: to('live', 'append'),
    refusedReplay: to('unloaded'),
    askOlder: to('unloaded'),
    askNewer: to('unloaded'),
    olderPage: to('unloaded'),
    newerPage: to('unloaded'),
    pageLost: to('unloaded'),
    acknowledged: to('unloaded', 'ahead'),
    lookBack: to('unloaded'),
    lookAtEnd: to('unloaded'),
  },
  live: {
    nextEvent: to('live', 'append'),
    knownEvent: to('live'),
    eventPastAHole: to('holed', 'hold'),
    nextEdit: to('live', 'amend'),
    replay: to('live', 'append'),
    replayWithAHole: to('holed'),
    limitedReplay: to('live', 'replace'),
    replayOfAnotherEpoch: to('live', 'replace'),
    refusedReplay: to('live'),
    askOlder: to('paging'),
    askNewer: to('turning'),
    olderPage: to('live'),
    newerPage: to('live'),
    pageLost: to('live'),
    acknowledged: to('live', 'ahead'),
    lookBack: to('live'),
    lookAtEnd: to('live'),
  },
  paging: {
    nextEvent: to('paging', 'append', 'keep'),
    knownEvent: to('paging'),
    eventPastAHole: to('holed', 'hold'),
    nextEdit: to('paging', 'amend', 'keep'),
    replay: to('paging', 'append', 'keep'),
    replayWithAHole: to('holed'),
    limitedReplay: to('live', 'replace'),
    replayOfAnotherEpoch: to('live', 'replace'),
    refusedReplay: to('paging'),
    askOlder: to('paging'),
    askNewer: to('turning'),
    olderPage: to('live', 'prepend'),
    newerPage: to('paging'),
    pageLost: to('live'),
    acknowledged: to('paging', 'ahead'),
    lookBack: to('paging'),
    lookAtEnd: to('paging'),
  },
  holed: {
    nextEvent: to('live', 'append'),
    knownEvent: to('holed'),
    eventPastAHole: to('holed', 'hold'),
    nextEdit: to('live', 'append', 'amend'),
    replay: to('live', 'append'),
    replayWithAHole: to('holed'),
    limitedReplay: to('live', 'replace'),
    replayOfAnotherEpoch: to('live', 'replace'),
    refusedReplay: to('holed'),
    askOlder: to('holed'),
    askNewer: to('holed'),
    olderPage: to('holed'),
    newerPage: to('holed'),
    pageLost: to('holed'),
    acknowledged: to('holed', 'ahead'),
    lookBack: to('holed'),
    lookAtEnd: to('holed'),
  },
  away: {
    nextEvent: to('away'),
    knownEvent: to('away'),
    eventPastAHole: to('holed', 'hold'),
    nextEdit: to('away', 'amend'),
    replay: to('away'),
    replayWithAHole: to('holed'),
    limitedReplay: to('live', 'replace'),
    replayOfAnotherEpoch: to('live', 'replace'),
    refusedReplay: to('away'),
    askOlder: to('paging'),
    askNewer: to('turning'),
    olderPage: to('away'),
    newerPage: to('away'),
    pageLost: to('away'),
    acknowledged: to('away', 'ahead'),
    lookBack: to('away'),
    lookAtEnd: to('leaving'),
  },
  turning: {
    nextEvent: to('turning', 'keep'),
    knownEvent: to('turning'),
    eventPastAHole: to('holed', 'hold'),
    nextEdit: to('turning', 'amend', 'keep'),
    replay: to('turning', 'keep'),
    replayWithAHole: to('holed'),
    limitedReplay: to('live', 'replace'),
    replayOfAnotherEpoch: to('live', 'replace'),
    refusedReplay: to('turning'),
    askOlder: to('paging'),
    askNewer: to('turning'),
    olderPage: to('turning'),
    newerPage: to('live', 'append'),
    pageLost: to('away'),
    acknowledged: to('turning', 'ahead'),
    lookBack: to('turning'),
    lookAtEnd: to('turning'),
  },
  leaving: {
    nextEvent: to('leaving'),
    knownEvent: to('leaving'),
    eventPastAHole: to('holed', 'hold'),
    nextEdit: to('leaving', 'amend'),
    replay: to('leaving'),
    replayWithAHole: to('holed'),
    limitedReplay: to('live', 'replace'),
    replayOfAnotherEpoch: to('live', 'replace'),
    refusedReplay: to('leaving'),
    askOlder: to('paging'),
    askNewer: to('turning'),
    olderPage: to('leaving'),
    newerPage: to('leaving'),
    pageLost: to('leaving'),
    acknowledged: to('leaving', 'ahead'),
    lookBack: to('away'),
    lookAtEnd: to('leaving'),
  },
} as const satisfies Table<TimelineState, TimelineEvent, TimelineChange>

export const timelineCase = tableCase<Timeline, TimelineState, TimelineEvent, TimelineChange>({
  name: 'timeline',
  table: TIMELINE_TABLE,
  samples: SAMPLES,
  events: EVENTS,
  stateOf,
  changes,
})
