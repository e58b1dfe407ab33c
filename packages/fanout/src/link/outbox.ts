/** Frames on their way to a server: bounded, aged, and in order per lane. Frames count until they are answered. */
import type { Frame } from '../broker.ts'

export interface OutboxLimits {
  /** Frames that wait or are not answered yet. */
  readonly queueFramesMax: number
  /** Their bytes. */
  readonly queueBytesMax: number
  /** A frame that waited longer is dropped instead of sent: late chat is worse than chat that the readers fetch. */
  readonly ageMsMax: number
}

/** What must stay in order: all frames of one server, or of one slot. */
export type Lane = number

export interface Entry {
  readonly lane: Lane
  readonly channel: string
  readonly frame: Frame
  readonly at: number
}

interface Queue {
  waiting: Entry[]
  /** Sent and not answered, in order, all over one connection. */
  readonly flying: Set<Entry>
  via: unknown
  /** Sent and refused in a way that lets it be sent again. */
  refused: Entry[]
}

export class Outbox {
  readonly #limits: OutboxLimits
  readonly #queues = new Map<Lane, Queue>()
  #frames = 0
  #bytes = 0
  #dropped = 0

  constructor(limits: OutboxLimits) {
    this.#limits = limits
  }

  /** Frames that were refused, grew too old, or were lost with their connection, so that nobody knows whether they arrived. */
  get droppedFrames(): number {
    return this.#dropped
  }

  /** Frames that wait or are not answered yet. */
  get size(): number {
    return this.#frames
  }

  /** Lanes that have frames, answered or not. */
  get lanes(): readonly Lane[] {
    return [...this.#queues.keys()]
  }

  /** Whether frames of the lane have yet to be sent. */
  hasWaiting(lane: Lane): boolean {
    const queue = this.#queues.get(lane)
    return queue !== undefined && queue.waiting.length + queue.refused.length > 0
  }

  /** Counts a frame that is not taken at all. */
  refuse(): false {
    this.#dropped += 1
    return false
  }

  push(lane: Lane, channel: string, frame: Frame, now: number): boolean {
    if (!this.#fits(frame)) this.#dropOld(now)
    if (!this.#fits(frame)) return this.refuse()
    this.#frames += 1
    this.#bytes += frame.byteLength
    this.#queue(lane).waiting.push({ lane, channel, frame, at: now })
    return true
  }

  /**
   * The next frame to send over `via`, which counts as sent from then on. Nothing while frames of the lane are under way elsewhere, or while refused ones wait
   * for the rest of what was sent with them: what comes later would overtake them.
   */
  next(lane: Lane, via: unknown, now: number): Entry | undefined {
    const queue = this.#queues.get(lane)
    if (queue === undefined) return undefined
    if (queue.flying.size > 0 && (queue.via !== via || queue.refused.length > 0)) return undefined
    if (queue.refused.length > 0) {
      queue.waiting = [...queue.refused, ...queue.waiting]
      queue.refused = []
    }
    this.#dropOldOf(queue, now)
    const entry = queue.waiting.shift()
    if (entry === undefined) {
      this.#forgetEmpty(lane, queue)
      return undefined
    }
    queue.via = via
    queue.flying.add(entry)
    return entry
  }

  /** The server has it. Refused frames that were sent before it would come after it now: they are dropped. */
  done(entry: Entry): void {
    const queue = this.#land(entry)
    if (queue === undefined) return
    this.#release(entry)
    for (const overtaken of queue.refused) this.#drop(overtaken)
    queue.refused = []
    this.#forgetEmpty(entry.lane, queue)
  }

  /** The server does not have it, and may be asked again. */
  refused(entry: Entry): void {
    this.#land(entry)?.refused.push(entry)
  }

  /** It cannot be sent. */
  failed(entry: Entry): void {
    const queue = this.#land(entry)
    if (queue === undefined) return
    this.#drop(entry)
    this.#forgetEmpty(entry.lane, queue)
  }

  /** The connection is gone: what was sent over it and not answered may have arrived, so it is not sent again. */
  lost(via: unknown): void {
    for (const [lane, queue] of this.#queues) {
      if (queue.via !== via) continue
      for (const entry of queue.flying) this.#drop(entry)
      queue.flying.clear()
      this.#forgetEmpty(lane, queue)
    }
  }

  #fits(frame: Frame): boolean {
    const { queueFramesMax, queueBytesMax } = this.#limits
    return this.#frames < queueFramesMax && this.#bytes + frame.byteLength <= queueBytesMax
  }

  #queue(lane: Lane): Queue {
    const known = this.#queues.get(lane)
    if (known !== undefined) return known
    const queue: Queue = { waiting: [], flying: new Set(), via: undefined, refused: [] }
    this.#queues.set(lane, queue)
    return queue
  }

  #land(entry: Entry): Queue | undefined {
    const queue = this.#queues.get(entry.lane)
    return queue?.flying.delete(entry) === true ? queue : undefined
  }

  #dropOld(now: number): void {
    for (const [lane, queue] of this.#queues) {
      this.#dropOldOf(queue, now)
      this.#forgetEmpty(lane, queue)
    }
  }

  #dropOldOf(queue: Queue, now: number): void {
    let old = 0
    for (const entry of queue.waiting) {
      if (now - entry.at <= this.#limits.ageMsMax) break
      this.#drop(entry)
      old += 1
    }
    if (old > 0) queue.waiting.splice(0, old)
  }

  #drop(entry: Entry): void {
    this.#dropped += 1
    this.#release(entry)
  }

  #release(entry: Entry): void {
    this.#frames -= 1
    this.#bytes -= entry.frame.byteLength
  }

  #forgetEmpty(lane: Lane, queue: Queue): void {
    if (queue.waiting.length + queue.flying.size + queue.refused.length === 0) {
      this.#queues.delete(lane)
    }
  }
}
