/** For how long a device heard nothing while others sent: from the first fault on, for before it there is nothing but a start. */
import type { Evidence } from './evidence.ts'

export interface Silence {
  readonly from: number
  readonly ms: number
}

/** Gaps that nobody would call a silence are those without two sends of others in them: at any rate there is some time between two messages. */
const SENDS_MIN = 2

/** The longest of each device that lasted into the time from the first fault on, between its first and its last delivery. */
export function silencesOf({ heard, operations, faults }: Evidence): ReadonlyMap<string, Silence> {
  const sends = operations
    .filter(({ invoke }) => invoke.deed === 'send')
    .map(({ invoke }) => invoke)
  const since = faults[0]?.t ?? Number.NEGATIVE_INFINITY
  const longest = new Map<string, Silence>()
  for (const [who, list] of heard) {
    const times = list.filter(({ kind }) => kind === 'wire').map(({ t }) => t)
    let silence = { from: times[0] ?? 0, ms: 0 }
    for (const [at, t] of times.entries()) {
      const before = times[at - 1]
      if (before === undefined || t < since || t - before <= silence.ms) continue
      if (sendsBetween(sends, before, t, who) >= SENDS_MIN)
        silence = { from: before, ms: t - before }
    }
    longest.set(who, silence)
  }
  return longest
}

function sendsBetween(
  sends: readonly { readonly t: number; readonly who: string }[],
  from: number,
  to: number,
  not: string,
): number {
  // Sends are by time: the first after `from` is found by halves.
  let [low, high] = [0, sends.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sends[middle]?.t ?? 0) > from) high = middle
    else low = middle + 1
  }
  let count = 0
  for (let at = low; (sends[at]?.t ?? Number.POSITIVE_INFINITY) < to; at++) {
    if (sends[at]?.who !== not) count += 1
  }
  return count
}
