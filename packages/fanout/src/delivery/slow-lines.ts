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

  /** Whether so many more bytes are for this line, at its pace; puts it among `fellBehind` where it just fell behind, which is to be told afterwards. */
  admits(line: Line, bytes: number, droppable: boolean, fellBehind: Line[]): boolean {
    if (line.pace !== 'live') return false
    const { bytesQueuedMax } = this.#limits
    const creditMin = droppable ? bytesQueuedMax / 2 : 0
    if (line.credit < creditMin) {
      line.credit = bytesQueuedMax - line.bytesQueued()
      if (line.credit < 0) this.#fallBehind(line, fellBehind)
      if (line.credit < creditMin) return false
    }
    line.credit -= bytes
    return true
  }

  tellBehind(line: Line): void {
    for (const socket of socketsOf(line.client)) this.#listener.onBehind(socket)
  }

  stop(): void {
    this.#check?.cancel()
    for (const line of this.#behind.keys()) this.#forget(line)
  }

  #fallBehind(line: Line, fellBehind: Line[]): void {
    fellBehind.push(line)
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
