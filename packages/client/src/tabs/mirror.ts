/**
 * How a view is carried from the host to the tabs: whole at first, then as what has changed. Pure.
 *
 * Versions count the changes of one view at one host. A change that does not fit what a tab has is void; the tab asks for everything anew.
 */
import type { MyChannel } from '@madang/protocol'
import type { ChannelView, SessionView, TimelineItem } from '../types.ts'
import { type Splice, spliced, spliceOf } from './splice.ts'

/** `base` undefined: whole. */
interface Numbered {
  readonly base?: number
  readonly version: number
}

export interface SessionPatch extends Numbered {
  readonly fields: Partial<Omit<SessionView, 'channels'>>
  readonly channels?: Splice<MyChannel>
}

export interface ChannelPatch extends Numbered {
  readonly rest: Omit<ChannelView, 'items'>
  readonly items: Splice<TimelineItem>
}

export interface Copy<V> {
  readonly version: number
  readonly view: V
}

export const EMPTY_SESSION: SessionView = {
  connection: { status: 'idle' },
  person: undefined,
  communities: [],
  channels: [],
  presence: new Map(),
}

export const EMPTY_CHANNEL: ChannelView = {
  items: [],
  more: false,
  loadingOlder: false,
  newer: false,
  loadingNewer: false,
  loaded: false,
  typing: [],
}

export function wholeSession({ version, view }: Copy<SessionView>): SessionPatch {
  const { channels, ...fields } = view
  return { version, fields, channels: spliceOf<MyChannel>([], channels) }
}

/** Undefined: nothing has changed. */
export function sessionPatch(
  { version, view }: Copy<SessionView>,
  next: SessionView,
): SessionPatch | undefined {
  const { channels, ...fields } = next
  const changed = Object.entries(fields).filter(
    ([name, value]) => view[name as keyof typeof fields] !== value,
  )
  const same = channels === view.channels
  if (changed.length === 0 && same) return undefined
  return {
    base: version,
    version: version + 1,
    fields: Object.fromEntries(changed),
    ...(!same && { channels: spliceOf(view.channels, channels) }),
  }
}

/** Undefined: it does not fit. */
export function withSessionPatch(
  copy: Copy<SessionView> | undefined,
  { base, version, fields, channels }: SessionPatch,
): Copy<SessionView> | undefined {
  const before = fitting(copy, base, EMPTY_SESSION)
  if (!before) return undefined
  const list = channels ? spliced(before.channels, channels) : before.channels
  return { version, view: { ...before, ...fields, channels: list } }
}

export function wholeChannel({ version, view }: Copy<ChannelView>): ChannelPatch {
  const { items, ...rest } = view
  return { version, rest, items: spliceOf<TimelineItem>([], items) }
}

export function channelPatch(
  { version, view }: Copy<ChannelView>,
  next: ChannelView,
): ChannelPatch {
  const { items, ...rest } = next
  return { base: version, version: version + 1, rest, items: spliceOf(view.items, items, isSame) }
}

/** Undefined: it does not fit. */
export function withChannelPatch(
  copy: Copy<ChannelView> | undefined,
  { base, version, rest, items }: ChannelPatch,
): Copy<ChannelView> | undefined {
  const before = fitting(copy, base, EMPTY_CHANNEL)
  return before && { version, view: { ...rest, items: spliced(before.items, items) } }
}

function fitting<V>(copy: Copy<V> | undefined, base: number | undefined, empty: V): V | undefined {
  if (base === undefined) return empty
  return copy?.version === base ? copy.view : undefined
}

/** Unsent messages are made anew with every view. */
function isSame(one: TimelineItem, other: TimelineItem): boolean {
  if (one === other) return true
  if (one.kind !== 'message' || other.kind !== 'message' || one.key !== other.key) return false
  if (one.author.id !== other.author.id || one.text !== other.text) return false
  return one.state === 'pending' && other.state === 'pending'
}
