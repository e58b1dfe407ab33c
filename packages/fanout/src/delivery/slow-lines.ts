/** Keeps what waits for a connection within bounds: who is behind gets nothing more until it has drained, and is stuck where it does not. */
import type { Socket } from 'socket.io'
import type { Clock, Timer } from '../clock.ts'
import { socketsOf } from './engine.ts'
import type { Line } from './line.ts'
import type { WriterLimits, WriterListener } from './writer.ts'

export interface SlowLinesOptions {
  readonly clock: Clock
  readonly limits: Pick<WriterLimits, 'bytesQueuedMax' | 'behindMsMax'>
  readonly listener: WriterListener
}

/** How often those who are behind are looked at, in ms. They were silent for longer than that, and while nobody is behind nothing is looked at. */
const behindCheckMs = 100

interface Lateness {
  /** In ms of the clock. */
  readonly since: number
  readonly onClose: () => void
}

export class SlowLines {
  readonly #clock: Clock
  readonly #limits: SlowLinesOptions['limits']
  readonly #listener: WriterListener
  readonly #behind = new Map<Line, Lateness>()
  #check: Timer | undefined

  constructor({ clock, limits, listener }: SlowLinesOptions) {
    this.#clock = clock
    this.#limits = limits
    this.#listener = listener
  }

  /** Whether one more event is for this line, at its pace; puts it among `fellBehind` where it just fell behind, which is to be told afterwards. */
  admits(line: Line, droppable: boolean, fellBehind: Line[]): boolean {
    if (line.pace !== 'live') return false
    const { bytesQueuedMax } = this.#limits
    const held = line.pending?.bytes ?? 0
    // Looked at once for all that is held together: in between it can only have become less.
    if (held === 0 || held > line.allowance) {
      const queued = line.bytesQueued()
      if (queued > bytesQueuedMax) {
        this.#fallBehind(line)
        fellBehind.push(line)
        return false
      }
      line.allowance = bytesQueuedMax - (queued - held)
    }
    return !droppable || held <= line.allowance - bytesQueuedMax / 2
  }

  tellBehind(line: Line): void {
    for (const socket of socketsOf(line.client)) this.#listener.onBehind(socket)
  }

  stop(): void {
    this.#check?.cancel()
    for (const line of this.#behind.keys()) this.#forget(line)
  }

  #fallBehind(line: Line): void {
    line.pace = 'behind'
    const onClose = () => this.#forget(line)
    this.#behind.set(line, { since: this.#clock.monotonic(), onClose })
    line.client.conn.on('close', onClose)
    if (this.#behind.size === 1) this.#checkLater()
  }

  #forget(line: Line): void {
    const lateness = this.#behind.get(line)
    if (lateness === undefined) return
    line.client.conn.off('close', lateness.onClose)
    this.#behind.delete(line)
    if (this.#behind.size === 0) this.#check?.cancel()
  }

  #checkLater(): void {
    this.#check?.cancel()
    this.#check = this.#clock.after(behindCheckMs, () => {
      for (const [line, { since }] of [...this.#behind]) this.#look(line, since)
      if (this.#behind.size > 0) this.#checkLater()
    })
  }

  #look(line: Line, since: number): void {
    if (!this.#behind.has(line)) return
    // Not down to nothing: a socket that is written to all the time may never get there.
    if (line.bytesQueued() <= this.#limits.bytesQueuedMax / 8) {
      this.#forget(line)
      this.#tell(line, (socket) => this.#listener.onDrained(socket))
      line.pace = 'live'
    } else if (this.#clock.monotonic() - since > this.#limits.behindMsMax) {
      this.#forget(line)
      line.pace = 'stuck'
      this.#tell(line, (socket) => this.#listener.onStuck(socket))
    }
  }

  #tell(line: Line, one: (socket: Socket) => void): void {
    for (const socket of socketsOf(line.client)) one(socket)
  }
}
