/** One channel of the host's client: tells what changes in it, and what has become of messages that tabs have sent. */
import type { ChannelHandle, ChannelView } from '../types.ts'
import {
  type ChannelPatch,
  type Copy,
  channelPatch,
  EMPTY_CHANNEL,
  wholeChannel,
} from './mirror.ts'

export class HostChannel {
  readonly #changed: (patch: ChannelPatch) => void
  /** What the tabs have. */
  #copy: Copy<ChannelView> = { version: 0, view: EMPTY_CHANNEL }
  #handle: ChannelHandle
  #unwatch: () => void
  /** Messages that are on their way, and whom to tell that they are there. */
  readonly #sending = new Map<string, (() => void)[]>()
  /** Calls that are under way. */
  #busy = 0

  constructor(handle: ChannelHandle, changed: (patch: ChannelPatch) => void) {
    this.#changed = changed
    this.#handle = handle
    this.#unwatch = handle.subscribe(() => this.flush())
    this.#copy = { version: 0, view: handle.snapshot() }
  }

  get handle(): ChannelHandle {
    return this.#handle
  }

  /** Whether somebody waits for something here. */
  get isBusy(): boolean {
    return this.#busy > 0 || this.#sending.size > 0
  }

  /** Another client's handle of the same channel. */
  reopen(handle: ChannelHandle): void {
    this.close()
    this.#handle = handle
    this.#unwatch = handle.subscribe(() => this.flush())
    this.flush()
  }

  whole(): ChannelPatch {
    this.flush()
    return wholeChannel(this.#copy)
  }

  /** Tells what has changed since the last time. */
  flush(): void {
    const view = this.#handle.snapshot()
    if (view !== this.#copy.view) {
      const patch = channelPatch(this.#copy, view)
      this.#copy = { version: patch.version, view }
      this.#changed(patch)
    }
    this.#tellSent(view)
  }

  has(key: string): boolean {
    return this.#handle.snapshot().items.some((item) => item.kind === 'message' && item.key === key)
  }

  /** Calls back when the message is pending no more: stored, or failed with its reason in storage. */
  whenSent(key: string, sent: () => void): void {
    this.#sending.set(key, [...(this.#sending.get(key) ?? []), sent])
    this.#tellSent(this.#handle.snapshot())
  }

  async during<T>(act: (handle: ChannelHandle) => Promise<T>): Promise<T> {
    this.#busy += 1
    try {
      return await act(this.#handle)
    } finally {
      this.#busy -= 1
    }
  }

  close(): void {
    this.#unwatch()
    this.#handle.close()
  }

  #tellSent({ items }: ChannelView): void {
    if (this.#sending.size === 0) return
    const pending = new Set<string>()
    // What is unsent stands at the end.
    for (const item of items.toReversed()) {
      if (item.kind !== 'message' || item.state === 'sent') break
      if (item.state === 'pending') pending.add(item.key)
    }
    for (const [key, tell] of this.#sending) {
      if (pending.has(key)) continue
      this.#sending.delete(key)
      for (const sent of tell) sent()
    }
  }
}
