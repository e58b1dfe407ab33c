/** Hands one reader over from the past to the present of a feed, exactly. */
import type { LogEvent } from '@madang/protocol'
import { type EventPage, StoreError } from '../store/store.ts'
import type { ChannelFeed } from './channel-feed.ts'
import { decideEntry, type EntryStep, limited } from './entry.ts'
import type { Entered } from './feeds.ts'
import type { SharedReads } from './reads.ts'

export interface EnterOptions {
  readonly feed: ChannelFeed
  readonly reads: SharedReads
  readonly replayEventsMax: number
  readonly cursor: number | null
  readonly admit: (entered: Entered) => void
}

/**
 * Calls `admit` within one job of the feed: everything up to the head is delivered then, and nothing later. Runs before this returns where no read of the
 * store is needed. Rejects with the store's error, and with `unavailable` where the feed is closed meanwhile.
 */
export async function enterFeed(options: EnterOptions): Promise<void> {
  const { feed, reads } = options
  let got: readonly LogEvent[] = []
  let page: EventPage | undefined
  for (;;) {
    const step = await feed.exclusively(() => attempt(options, got, page))
    if (step.type === 'admit') return
    page = await reads.page({ channelId: feed.channelId, after: step.after, known: step.known })
    // A reader that is ahead of the feed needs no events, only that the feed catches up.
    const follows = step.after === (got.at(-1)?.seq ?? options.cursor)
    if (follows) got = [...got, ...page.events]
  }
}

/** Gives the last page to the feed, which may have holes there, then admits if that was enough. */
function attempt(
  { feed, replayEventsMax, cursor, admit }: EnterOptions,
  got: readonly LogEvent[],
  page: EventPage | undefined,
): EntryStep {
  if (feed.closed) throw new StoreError('unavailable', 'The channel is no longer watched here.')
  if (page !== undefined) feed.perform({ type: 'past', events: page.events, head: page.head })
  let step = decideEntry(feed.state, cursor, got, replayEventsMax)
  if (step.type === 'read' && page?.events.length === 0) step = withoutProgress(feed, page)
  if (step.type === 'admit') admit(step.entered)
  return step
}

/** The store has nothing where the reader says it was: its cursor is of a log that was lost. */
function withoutProgress(feed: ChannelFeed, page: EventPage): EntryStep {
  if (page.head <= feed.state.head) return limited(feed.state)
  throw new StoreError('unavailable', 'The store gave an empty page before the head.')
}
