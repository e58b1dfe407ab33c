/**
 * How much of a channel is unread. Pure.
 *
 * The server's counts are exact at a head; events past that head change them here, events up to it are in them already. While a
 * channel's window reaches back to the cursor, its own count (`unreadAfter`) takes the place of this reckoning.
 */
import type { DownPayload, Id, LogEvent, MyChannel } from '@madang/protocol'

/** A channel that is not open has moved: the difference in messages is the hint, until the next exact count. */
export function withDigest(channel: MyChannel, digest: DownPayload<'digest'>): MyChannel {
  const { head, messages } = digest
  if (head <= channel.head) return channel
  const unread = Math.max(0, channel.unread + messages - channel.messages)
  return { ...channel, head, messages, unread }
}

/** An event of an open channel. */
export function withLogEvent(channel: MyChannel, event: LogEvent, self: Id | undefined): MyChannel {
  if (event.seq <= channel.head) return withOwn(channel, event, self)
  const moved = { ...channel, head: event.seq }
  if (event.kind === 'deleted') return { ...moved, messages: Math.max(0, channel.messages - 1) }
  if (event.kind !== 'created') return moved
  const messages = channel.messages + 1
  // Writing is reading: the server moves the author's cursor to their own message.
  if (event.author.id === self) return { ...moved, messages, cursor: event.seq, unread: 0 }
  return event.seq > channel.cursor
    ? { ...moved, messages, unread: channel.unread + 1 }
    : { ...moved, messages }
}

/** A digest told of the event already, though not of who wrote it. What is unread after one's own message the channel's window counts, since it holds the message. */
function withOwn(channel: MyChannel, event: LogEvent, self: Id | undefined): MyChannel {
  if (event.kind !== 'created' || event.author.id !== self) return channel
  return event.seq > channel.cursor ? { ...channel, cursor: event.seq } : channel
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

/** The places as the server tells them on a new connection, with what was read here meanwhile and it does not know yet. */
export function withLocalCursors(
  channels: readonly MyChannel[],
  known: readonly MyChannel[],
): readonly MyChannel[] {
  const cursors = new Map(known.map((channel) => [channel.id, channel]))
  return channels.map((channel) => {
    const before = cursors.get(channel.id)
    if (before?.epoch !== channel.epoch) return channel
    // What the server counts before our cursor is read already: what has come since is the hint, as in a digest.
    const unread = before.unread + channel.messages - before.messages
    return withCursor(channel, before.cursor, Math.max(0, Math.min(unread, channel.unread)))
  })
}
