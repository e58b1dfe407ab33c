/** From an event as the server says it to what is written down of it. */
import type { LogEvent } from '@madang/protocol'
import type { EventFacts } from './record.ts'

export function factsOf(event: LogEvent): EventFacts {
  return {
    channel: event.channelId,
    seq: event.seq,
    id: event.id,
    event: event.kind,
    author: event.author.id,
    ...('clientId' in event && { clientId: event.clientId }),
    ...('text' in event && { text: event.text }),
    ...('target' in event && { target: event.target }),
    ...('subject' in event && { subject: event.subject.id }),
  }
}
