/**
 * Decides whether what a client asks may have been sent before the node stood still. Whoever sent it may have given it up, come back at another node, asked again and heard
 * another answer; so nothing is done for a client until it has shown that it goes on here.
 *
 * What shows it is a pong. Pongs do not say which ping they answer, but come in the order of the pings, and what is read after one was sent after it. When a node goes on, the
 * pong of a ping of before may be in its buffers, ahead of requests of before. One ping of engine.io's own may be under way, and those of ours that were not
 * answered yet; the pong that comes after all of theirs answers the ping that was sent when the node went on.
 */

/** Trusted where no pong is needed; in doubt where one is; asked again where the first pong has come and it may have been that of an old ping. */
export interface Doubt {
  /** So many pongs have to come before anything is done for the client. */
  readonly pongsNeeded: number
  /** Pings of ours that may still be without a pong. */
  readonly pingsOwed: number
}

export type DoubtEvent = 'stood_still' | 'pong' | 'request'

export interface Decision {
  readonly next: Doubt
  /** `ping`: at once. `accept` and `refuse` concern the request. */
  readonly act: 'none' | 'ping' | 'accept' | 'refuse'
}

export const TRUSTED: Doubt = { pongsNeeded: 0, pingsOwed: 0 }
/** engine.io sends its next ping when the last one was answered. */
const OTHERS_PINGS_MAX = 1

export function decide(doubt: Doubt, event: DoubtEvent): Decision {
  switch (event) {
    case 'stood_still':
      return pinged({ ...doubt, pongsNeeded: doubt.pingsOwed + OTHERS_PINGS_MAX + 1 })
    case 'pong':
      return answered({
        pongsNeeded: Math.max(0, doubt.pongsNeeded - 1),
        pingsOwed: Math.max(0, doubt.pingsOwed - 1),
      })
    case 'request':
      return { next: doubt, act: doubt.pongsNeeded === 0 ? 'accept' : 'refuse' }
  }
}

/** Where no old ping was under way, the pongs that are still needed have to be asked for. */
function answered(doubt: Doubt): Decision {
  return doubt.pongsNeeded > doubt.pingsOwed ? pinged(doubt) : { next: doubt, act: 'none' }
}

function pinged(doubt: Doubt): Decision {
  return { next: { ...doubt, pingsOwed: doubt.pingsOwed + 1 }, act: 'ping' }
}
