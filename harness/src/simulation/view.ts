/** What a device shows of one channel: messages in the state that events left them in. */
import type { LogEvent } from '@madang/protocol'

export interface Shown {
  readonly text: string | null
  /** The seq of the last change that is contained. */
  readonly rev: number
}

export class View {
  readonly messages = new Map<number, Shown>()
  /** The first seq that is shown. */
  readonly from: number
  /** The last seq that the device has. */
  at: number

  /** `at`: the head that the events reach up to. */
  constructor(events: readonly LogEvent[], at: number) {
    this.from = events[0]?.seq ?? at + 1
    for (const event of events) this.apply(event)
    this.at = at
  }

  apply(event: LogEvent): void {
    this.at = event.seq
    if (event.kind === 'created') {
      this.messages.set(event.seq, { text: event.text, rev: event.rev ?? event.seq })
    } else if (event.kind === 'edited' || event.kind === 'deleted') {
      const target = this.messages.get(event.target)
      if (target === undefined || target.rev >= event.seq) return
      const gone = target.text === null || event.kind === 'deleted'
      this.messages.set(event.target, { text: gone ? null : event.text, rev: event.seq })
    }
  }
}
