/** A value that changes, made for `useSyncExternalStore`: computed when it is read, told about at most once a frame. */

import { BOUNDS } from './bounds.ts'
import type { Clock, Timer } from './clock.ts'
import type { View } from './types.ts'

export class LazyView<T> implements View<T> {
  readonly #compute: () => T
  readonly #clock: Clock
  readonly #subscribers = new Set<() => void>()
  #current: { readonly value: T } | undefined
  #toldAt = Number.NEGATIVE_INFINITY
  #pending = false
  #timer: Timer | undefined

  constructor(clock: Clock, compute: () => T) {
    this.#clock = clock
    this.#compute = compute
  }

  readonly snapshot = (): T => {
    this.#current ??= { value: this.#compute() }
    return this.#current.value
  }

  readonly subscribe = (changed: () => void): (() => void) => {
    // A subscriber of its own, so that the same function twice is two subscriptions.
    const subscriber = (): void => changed()
    this.#subscribers.add(subscriber)
    return () => {
      this.#subscribers.delete(subscriber)
    }
  }

  /**
   * What the value is computed from has changed. Subscribers are told after the present turn of work, so that they never see half of
   * it, and under load once a frame: a room of fifty thousand must not render five hundred times a second.
   */
  invalidate(): void {
    this.#current = undefined
    if (this.#pending || this.#subscribers.size === 0) return
    this.#pending = true
    const waitMs = this.#toldAt + BOUNDS.notifyIntervalMs - this.#clock.now()
    if (waitMs > 0 && waitMs <= BOUNDS.notifyIntervalMs) {
      this.#timer = this.#clock.after(waitMs, () => this.#tell())
    } else {
      queueMicrotask(() => this.#tell())
    }
  }

  /** Lets the timer go. What has changed is told at once. */
  stop(): void {
    if (!this.#timer) return
    this.#timer.cancel()
    queueMicrotask(() => this.#tell())
  }

  #tell(): void {
    if (!this.#pending) return
    this.#pending = false
    this.#timer = undefined
    this.#toldAt = this.#clock.now()
    for (const changed of [...this.#subscribers]) {
      try {
        changed()
      } catch (thrown) {
        // One subscriber's fault is not the others': it is reported as what it is, an error that nobody caught.
        queueMicrotask(() => {
          throw thrown
        })
      }
    }
  }
}
