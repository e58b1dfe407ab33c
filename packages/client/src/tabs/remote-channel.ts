/** One channel as a tab sees it: what the host shows, and what this tab has sent and the host does not show yet. */
import type { Id, Person } from '@madang/protocol'
import type { Clock } from '../clock.ts'
import type { ChannelView, TimelineItem, TimelineMessage } from '../types.ts'
import { LazyView } from '../view.ts'
import type { Call } from './messages.ts'
import { type ChannelPatch, type Copy, EMPTY_CHANNEL, withChannelPatch } from './mirror.ts'

export type SendCall = Call & { do: 'send' }

/** A message that was handed to the host and is not in its view yet. */
export interface Handed {
  readonly call: SendCall
  readonly createdAt: number
}

export interface RemoteChannelParts {
  readonly clock: Clock
  self(): Person | undefined
  handed(): readonly Handed[]
}

export class RemoteChannel {
  readonly id: Id
  readonly view: LazyView<ChannelView>
  readonly #parts: RemoteChannelParts
  #copy: Copy<ChannelView> | undefined
  /** What was shown last: shown on while the next host has nothing yet. */
  #kept: ChannelView | undefined

  constructor(id: Id, parts: RemoteChannelParts) {
    this.id = id
    this.#parts = parts
    this.view = new LazyView(parts.clock, () => this.#compute())
  }

  /** False: it does not fit what is here. What comes before the whole is in the whole. */
  take(patch: ChannelPatch): boolean {
    if (!this.#copy && patch.base !== undefined) return true
    this.#copy = withChannelPatch(this.#copy, patch)
    const view = this.#copy?.view
    if (view?.loaded || view?.error) this.#kept = view
    this.view.invalidate()
    return this.#copy !== undefined
  }

  /** The host is gone, or shows it no more. */
  drop(): void {
    this.#copy = undefined
    this.view.invalidate()
  }

  /** It belongs to somebody who is here no more. */
  clear(): void {
    this.#kept = undefined
    this.drop()
  }

  #compute(): ChannelView {
    const shown = this.#shown()
    const items = withHanded(shown.items, this.#parts.handed(), this.#parts.self())
    return items === shown.items ? shown : { ...shown, items }
  }

  #shown(): ChannelView {
    const view = this.#copy?.view
    if (view && (view.loaded || view.error || !this.#kept)) return view
    if (!this.#kept) return EMPTY_CHANNEL
    const sent = this.#kept.items.filter((item) => !view || item.seq !== undefined)
    const keys = new Set(sent.map((item) => item.key))
    // A host that was frozen may not know yet that another has sent what it still has to send.
    const isUnsent = (item: TimelineItem) =>
      item.kind === 'message' && item.state !== 'sent' && !keys.has(item.key)
    const items = view ? [...sent, ...view.items.filter(isUnsent)] : sent
    return { ...this.#kept, items, loadingOlder: false, loadingNewer: false, typing: [] }
  }
}

export function withHanded(
  items: readonly TimelineItem[],
  handed: readonly Handed[],
  self: Person | undefined,
): readonly TimelineItem[] {
  if (handed.length === 0) return items
  const shown = new Set(items.map((item) => item.key))
  const missing = handed.filter(({ call }) => !shown.has(call.key))
  return missing.length === 0 ? items : [...items, ...missing.map((one) => pending(one, self))]
}

function pending({ call, createdAt }: Handed, self: Person | undefined): TimelineMessage {
  const { key, text, lane = 'chat' } = call
  return {
    kind: 'message',
    key,
    state: 'pending',
    seq: undefined,
    author: { id: self?.id ?? '', name: self?.name ?? '' },
    text,
    lane,
    createdAt,
    edited: false,
  }
}
