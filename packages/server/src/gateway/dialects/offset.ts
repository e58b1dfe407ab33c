/** Where a stock client was, as one short text: what it has of Socket.IO's recovery protocol to say so with. */
import { createHash } from 'node:crypto'
import type { Id } from '@madang/protocol'

/** A channel, in so few letters as tell a person's channels apart, and the last seq of it. */
export interface OffsetPlace {
  readonly key: string
  readonly seq: number
}

export interface Offset {
  /** When the event was made that it came with, in ms since 1970, as of the second's begin. Of channels that are not named nothing older can have been missed, but for what came late. */
  readonly at: number
  readonly places: readonly OffsetPlace[]
  /** Whether these are all channels that the connection had open. */
  readonly whole: boolean
}

const EPOCH_MS = Date.UTC(2020, 0, 1)
const TIME_CHARS = 6
const KEY_CHARS = 8
const SHAPE = /^[0-9a-z]{6}(?:[A-Za-z0-9_-]{8}[0-9a-z]{1,11}(?:\.|$))*$/

/** Texts longer than this are none of ours: as many channels as a connection may have open. */
export const OFFSET_CHARS_MAX = TIME_CHARS + 100 * (KEY_CHARS + 12) + 1

/** 48 bits of the channel and its epoch: where a log was lost and restored, no offset of before names it. */
export function placeKey(channelId: Id, epoch: string): string {
  const hash = createHash('sha256').update(`${channelId} ${epoch}`).digest('base64url')
  return hash.slice(0, KEY_CHARS)
}

/** What goes with an event of one channel: 16 to 25 characters. */
export function writeOffset(at: number, { key, seq }: OffsetPlace): string {
  return `${time(at)}${key}${seq.toString(36)}`
}

/** What goes with the last event of all. */
export function writeWholeOffset(at: number, places: readonly OffsetPlace[]): string {
  return `${time(at)}${places.map(({ key, seq }) => `${key}${seq.toString(36)}.`).join('')}`
}

/** Undefined for what is no offset. Whoever makes one up learns nothing: it says only where to begin in channels that are theirs to read. */
export function readOffset(text: unknown): Offset | undefined {
  if (typeof text !== 'string' || text.length > OFFSET_CHARS_MAX || !SHAPE.test(text)) {
    return undefined
  }
  const at = EPOCH_MS + Number.parseInt(text.slice(0, TIME_CHARS), 36) * 1_000
  const parts = text.slice(TIME_CHARS).split('.')
  const places = parts.filter((part) => part !== '').map(placeOf)
  return { at, places, whole: parts.at(-1) === '' }
}

function placeOf(part: string): OffsetPlace {
  return { key: part.slice(0, KEY_CHARS), seq: Number.parseInt(part.slice(KEY_CHARS), 36) }
}

function time(at: number): string {
  const seconds = Math.max(0, Math.floor((at - EPOCH_MS) / 1_000))
  return seconds.toString(36).padStart(TIME_CHARS, '0')
}
