/** Keeps pages and replays small enough for one packet. */
import type { LogEvent } from '@madang/protocol'

/** What an event is without what people wrote: ids, numbers and braces, at their longest. */
const FRAME_BYTES = 450

/** About how many bytes the event is on the wire, and never less than it. */
export function bytesOf(event: LogEvent): number {
  const written = [
    event.author.name,
    'subject' in event ? event.subject.name : '',
    'text' in event ? (event.text ?? '') : '',
    'reason' in event ? (event.reason ?? '') : '',
    ...(event.kind === 'renamed' ? [event.name, event.topic] : []),
  ]
  return written.reduce((bytes, text) => bytes + escapedBytes(text), FRAME_BYTES)
}

/** At most as many bytes as JSON makes of it: quotes, backslashes and line ends take two, other control characters six. */
function escapedBytes(text: string): number {
  let bytes = Buffer.byteLength(text)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 32) bytes += 5
    else if (code === 34 || code === 92) bytes++
  }
  return bytes
}

/** As many events as fit, from the end that is kept; one always does. */
export function fitting(
  events: readonly LogEvent[],
  bytesMax: number,
  keep: 'oldest' | 'newest',
): readonly LogEvent[] {
  let bytes = 0
  let count = 0
  while (count < events.length) {
    const event = events[keep === 'oldest' ? count : events.length - 1 - count]
    if (event !== undefined) bytes += bytesOf(event)
    if (bytes > bytesMax && count > 0) break
    count++
  }
  return keep === 'oldest' ? events.slice(0, count) : events.slice(events.length - count)
}
