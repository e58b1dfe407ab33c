/** Performs writing: decides per connection whether an event leaves or is held, flushes what is held together, and stops for those that read too slowly. */
import type { Socket } from 'socket.io'
import type { Clock, Timer } from '../clock.ts'
import { outgoingListeners } from './engine.ts'
import { type Line, lineOf, portOf, SocketPort } from './line.ts'
import { Extension } from './link.ts'
import { loopGauge } from './loop-gauge.ts'
import { SlowLines } from './slow-lines.ts'
import { holdMs, type Load, measured, noLoad, windowMs } from './window.ts'
import type {
  EncodedEvent,
  Meter,
  Port,
  WriteOptions,
  Writer,
  WriterLimits,
  WriterListener,
} from './writer.ts'

export interface WriterOptions {
  readonly clock: Clock
  readonly limits?: Partial<WriterLimits>
  readonly listener?: WriterListener
  /** The share of time in which the event loop is busy, 0 to 1; measured unless given. */
  readonly busy?: () => number
}

export const writerLimits: WriterLimits = {
  bytesQueuedMax: 1_000_000,
  behindMsMax: 30_000,
  windowMsMax: 50,
  bytesHeldMax: 65_536,
}

const nobody: WriterListener = { onBehind() {}, onDrained() {}, onStuck() {} }

export function createWriter(options: WriterOptions): Writer {
  return new SocketWriter(options)
}

class SocketWriter implements Writer {
  readonly #clock: Clock
  readonly #limits: WriterLimits
  readonly #busy: () => number
  readonly #slow: SlowLines
  /** Lines that something was held for since the last flush. */
  #held: Line[] = []
  #timer: Timer | undefined
  #load: Load = noLoad
  #stopped = false

  constructor({ clock, limits, listener = nobody, busy = loopGauge(clock) }: WriterOptions) {
    this.#clock = clock
    this.#limits = { ...writerLimits, ...limits }
    this.#busy = busy
    this.#slow = new SlowLines({ clock, limits: this.#limits, listener })
  }

  portOf(socket: Socket): Port {
    return portOf(socket)
  }

  newMeter(): Meter {
    return { lastAt: Number.NEGATIVE_INFINITY }
  }

  write(
    event: EncodedEvent,
    sockets: Iterable<Socket | Port>,
    meter: Meter,
    { droppable = false, compress = true }: WriteOptions = {},
  ): number {
    const now = Math.trunc(this.#clock.monotonic())
    const window = this.#window(meter, now)
    const extension = new Extension(event, compress)
    const { windowMsMax } = this.#limits
    const fellBehind: Line[] = []
    let written = 0
    let joinable = 0
    const bytes = event.frame.length
    for (const one of sockets) {
      const { socket, line } = one instanceof SocketPort ? one : portOf(asSocket(one))
      // Where something is held it was connected a moment ago, and leaves its rooms in the turn in which it no longer is.
      if (line.pending === undefined && !socket.connected) continue
      if (!this.#slow.admits(line, bytes, droppable, fellBehind)) continue
      if (outgoingListeners(socket) !== undefined) tell(socket, event)
      written += 1
      const sinceLeft = now - line.leftAt
      if (line.pending !== undefined || sinceLeft < windowMsMax) joinable += 1
      const hold = line.pending === undefined ? holdMs(window, sinceLeft) : window
      if (hold > 0) this.#hold(line, extension, hold, now)
      else {
        line.leftAt = now
        line.send(event, extension, compress)
      }
    }
    if (joinable > 0) this.#load = measured(this.#load, joinable, now)
    for (const line of fellBehind) this.#slow.tellBehind(line)
    return written
  }

  flush(socket: Socket): void {
    lineOf(socket).flush()
  }

  bytesQueued(socket: Socket): number {
    return lineOf(socket).bytesQueued()
  }

  stop(): void {
    this.#stopped = true
    this.#flush()
    this.#slow.stop()
  }

  #window(meter: Meter, now: number): number {
    const sinceLastMs = now - meter.lastAt
    meter.lastAt = now
    if (this.#stopped) return 0
    const input = { sinceLastMs, busy: this.#busy() }
    return windowMs(this.#load, input, this.#limits.windowMsMax, now)
  }

  #hold(line: Line, extension: Extension, hold: number, now: number): void {
    const { pending } = line
    line.pending = extension.after(pending)
    if (pending === undefined) this.#held.push(line)
    if (line.pending.bytes > this.#limits.bytesHeldMax) {
      line.leftAt = now
      line.flush()
    } else this.#timer ??= this.#clock.after(hold, () => this.#flush())
  }

  /** All together, whatever each still had: so those with the same events go on holding the same links. */
  #flush(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    const held = this.#held
    this.#held = []
    const now = Math.trunc(this.#clock.monotonic())
    for (const line of held) {
      if (line.pending === undefined) continue
      line.leftAt = now
      line.flush()
    }
  }
}

/** Every port is a `SocketPort`, so what is none is a socket. */
function asSocket(one: Socket | Port): Socket {
  return 'socket' in one ? one.socket : one
}

function tell(socket: Socket, event: EncodedEvent): void {
  const args = event.args()
  for (const listener of [...(outgoingListeners(socket) ?? [])]) listener.apply(socket, args)
}
