/** Reads from a channel's events who is out of it. */
import type { DownPayload, Id, LogEvent } from '@madang/protocol'

export type GoneReason = DownPayload<'gone'>['reason']

export interface Removal {
  readonly personId: Id
  readonly reason: GoneReason
}

/** Whom this event puts out of the channel. */
export function removalIn(event: LogEvent): Removal | undefined {
  switch (event.kind) {
    case 'left':
    case 'kicked':
    case 'banned':
      return { personId: event.subject.id, reason: event.kind }
    default:
      return undefined
  }
}

/** Why a person who belonged at seq `since` does not any more after these events; undefined where they still do, or do again. */
export function removedBy(
  events: readonly LogEvent[],
  personId: Id,
  since: number,
): GoneReason | undefined {
  let reason: GoneReason | undefined
  for (const event of events) {
    if (event.seq <= since || !('subject' in event) || event.subject.id !== personId) continue
    if (event.kind === 'joined' || event.kind === 'invited') reason = undefined
    else reason = removalIn(event)?.reason ?? reason
  }
  return reason
}
