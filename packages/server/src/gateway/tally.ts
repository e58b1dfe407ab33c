/** Counts a channel's messages as its events go by, for unread hints. */
import type { LogEvent } from '@madang/protocol'

export interface Tally {
  /** The seq that was counted up to. */
  readonly head: number
  /** Messages ever created and not deleted since. */
  readonly messages: number
}

/** Takes the next event; one that was counted already changes nothing. */
export function counted(tally: Tally, event: LogEvent): Tally {
  if (event.seq <= tally.head) return tally
  const change = event.kind === 'created' ? 1 : event.kind === 'deleted' ? -1 : 0
  return { head: event.seq, messages: tally.messages + change }
}
