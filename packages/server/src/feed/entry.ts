/** Decides how a reader enters a feed: at once from memory, after one more read of the store, or too far behind. */
import type { LogEvent } from '@madang/protocol'
import type { FeedState } from './feed.ts'
import type { Entered } from './feeds.ts'
import { after, inPresentState } from './tail.ts'

export type EntryStep =
  | { readonly type: 'admit'; readonly entered: Entered }
  /** Read the events after one seq, up to another that is known. */
  | { readonly type: 'read'; readonly after: number; readonly known: number }

/** `got`: the events after the cursor that were read so far, dense. */
export function decideEntry(
  state: FeedState,
  cursor: number | null,
  got: readonly LogEvent[],
  replayEventsMax: number,
): EntryStep {
  const { head } = state
  if (cursor === null) return admit('complete', [], head)
  // The reader saw more elsewhere than this node: it has to catch up first, or the reader gets events twice.
  if (cursor > head) return { type: 'read', after: head, known: cursor }
  if (head - cursor > replayEventsMax) return limited(state)
  const at = got.at(-1)?.seq ?? cursor
  const rest = after(state.tail, at, head)
  if (rest === undefined) return { type: 'read', after: at, known: head }
  return admit('complete', inPresentState([...got, ...rest]), head)
}

/** For a cursor that is too far behind, or that no log of this store ever gave. */
export function limited(state: FeedState): EntryStep {
  return admit('limited', [], state.head)
}

function admit(outcome: Entered['outcome'], events: readonly LogEvent[], head: number): EntryStep {
  return { type: 'admit', entered: { outcome, events, head } }
}
