/** Questions to other nodes that are still open. */
import type { Clock, Timer } from '../clock.ts'
import type { WireFrame } from './wire.ts'

export interface Request {
  /** Who is waited for. */
  readonly nodes: Iterable<string>
  readonly timeoutMs: number
  /** An answer. True: nothing more is waited for from this node. */
  onAnswer(node: string, answer: WireFrame): boolean
  /** The node is gone for good, and is no longer waited for. */
  onGone?(node: string): void
  /** Called once, with those who were waited for in vain. */
  onEnd(missing: readonly string[]): void
}

interface Open {
  readonly request: Request
  readonly missing: Set<string>
  readonly timer: Timer
}

export class Requests {
  readonly #clock: Clock
  readonly #open = new Map<number, Open>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#open.size
  }

  /** `id` is the one of the frame that asks. Nobody to wait for: it ends at once. */
  open(id: number, request: Request): void {
    const missing = new Set(request.nodes)
    if (missing.size === 0) {
      request.onEnd([])
      return
    }
    const timer = this.#clock.after(request.timeoutMs, () => this.#end(id))
    this.#open.set(id, { request, missing, timer })
  }

  answer(answer: WireFrame): void {
    const open = this.#open.get(answer.value)
    if (!open?.missing.has(answer.node)) return
    if (open.request.onAnswer(answer.node, answer)) this.#done(answer.value, open, answer.node)
  }

  gone(node: string): void {
    for (const [id, open] of [...this.#open]) {
      if (!open.missing.has(node)) continue
      open.request.onGone?.(node)
      this.#done(id, open, node)
    }
  }

  /** Ends them all with what is there. */
  stop(): void {
    for (const id of [...this.#open.keys()]) this.#end(id)
  }

  #done(id: number, { missing }: Open, node: string): void {
    missing.delete(node)
    if (missing.size === 0) this.#end(id)
  }

  #end(id: number): void {
    const open = this.#open.get(id)
    if (open === undefined) return
    this.#open.delete(id)
    open.timer.cancel()
    open.request.onEnd([...open.missing])
  }
}
