/**
 * How much of a channel is unread. Pure.
 *
 * The server's counts are exact at a head; events past that head change them here, events up to it are in them already. While a
 * channel's window reaches back to the cursor, its own count (`unreadAfter`) takes the place of this reckoning.
 */
import type { DownPayload, Id, LogEvent, MyChannel } from '@madang/protocol'

/** A channel that is not open has moved: the difference in messages is the hint, until the next exact count. */
export function withDigest(
  channel: MyChannel,
  { head, messages }: Pick<DownPayload<'digest'>, 'head' | 'messages'>,
): MyChannel {
  if (head <= channel.head) return channel
  return counted({ ...channel, head, messages }, channel.unread + messages - channel.messages)
}

/** An event of an open channel. */
export function withLogEvent(channel: MyChannel, event: LogEvent, self: Id | undefined): MyChannel {
  const isOwn = event.kind === 'created' && event.author.id === self
  if (event.seq <= channel.head) return isOwn ? withSent(channel, event.seq) : channel
  const moved = { ...channel, head: event.seq }
  if (event.kind === 'deleted') return { ...moved, messages: Math.max(0, channel.messages - 1) }
  if (event.kind !== 'created') return moved
  const told = { ...moved, messages: channel.messages + 1 }
  if (isOwn) return withSent(told, event.seq)
  return event.seq > channel.cursor ? { ...told, unread: channel.unread + 1 } : told
}

/**
 * One's own message is stored, whether or not its event comes here: writing is reading, and the server has moved the author's cursor to it. What lies between the
 * head and the message the next digest or event tells.
 */
export function withSent(channel: MyChannel, seq: number): MyChannel {
  if (seq <= channel.cursor) return channel
  const { head, messages, unread } = channel
  const known = seq === head + 1 ? { head: seq, messages: messages + 1 } : {}
  return counted({ ...channel, ...known, cursor: seq }, unread)
}

/** No more is unread than there is after the cursor. */
function counted(channel: MyChannel, unread: number): MyChannel {
  return { ...channel, unread: Math.max(0, Math.min(unread, channel.head - channel.cursor)) }
}

/** The cursor moved, here or on another device; `unread` is the server's. What it has counted and we have not seen yet counts when it comes. */
export function withRead(
  channel: MyChannel,
  { cursor, unread }: { readonly cursor: number; readonly unread: number },
): MyChannel {
  if (cursor < channel.cursor) return channel
  return { ...channel, cursor, unread: cursor >= channel.head ? 0 : unread }
}

/** Somebody read on this device, and the server is told a moment later. `counted`: what the window says is left. */
export function withCursor(
  channel: MyChannel,
  cursor: number,
  counted: number | undefined,
): MyChannel {
  const moved = Math.min(cursor, channel.head)
  if (moved <= channel.cursor) return channel
  return {
    ...channel,
    cursor: moved,
    unread: moved >= channel.head ? 0 : (counted ?? channel.unread),
  }
}

/** The window reaches back to the cursor: its count is the truth. */
export function withCount(channel: MyChannel, unread: number | undefined): MyChannel {
  return unread === undefined || unread === channel.unread ? channel : { ...channel, unread }
}

/**
 * A channel as the server tells it, with what is known here and it does not know yet: it may be older, where a notice was on its way for long or another
 * connection takes over, and somebody may have read here meanwhile.
 */
export function withKnown(told: MyChannel, known: MyChannel | undefined): MyChannel {
  if (known?.epoch !== told.epoch) return told
  const channel = withDigest(told, known)
  // What the server counts before our cursor is read already: what has come since is the hint, as in a digest.
  const unread = known.unread + channel.messages - known.messages
  return withCursor(channel, known.cursor, Math.max(0, Math.min(unread, channel.unread)))
}
