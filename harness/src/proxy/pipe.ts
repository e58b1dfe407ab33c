/** One direction of one connection through a fault proxy: holds pieces back as the weather says, and asks the sender to wait when it holds much. */
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../random.ts'
import { dueAt, slices, type Weather } from './weather.ts'

/** Bytes that are held back before the sender has to wait. */
const HELD_BYTES_MAX = 1_048_576

export interface PipeParts {
  readonly from: Socket
  readonly to: Socket
  readonly random: Random
  readonly weather: () => Weather
  /** Resolves when the weather may have changed. */
  readonly changed: () => Promise<void>
  readonly passed: (bytes: number) => void
}

export class Pipe {
  readonly #parts: PipeParts
  readonly #held: { readonly piece: Buffer; readonly due: number }[] = []
  #heldBytes = 0
  #lastDue = 0
  #isEnded = false
  #isPumping = false

  constructor(parts: PipeParts) {
    this.#parts = parts
    parts.from.on('data', (piece: Buffer) => this.#take(piece))
    parts.from.on('end', () => {
      this.#isEnded = true
      void this.#pump()
    })
  }

  #take(piece: Buffer): void {
    const { from, random, weather } = this.#parts
    const now = performance.now()
    const due = dueAt(weather(), {
      now,
      dice: random.next(),
      bytes: piece.length,
      lastDue: this.#lastDue,
    })
    this.#lastDue = due
    this.#held.push({ piece, due })
    this.#heldBytes += piece.length
    if (this.#heldBytes > HELD_BYTES_MAX) from.pause()
    void this.#pump()
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return
    this.#isPumping = true
    const { from, to, weather, changed } = this.#parts
    while (!to.destroyed) {
      if (weather().path === 'silent') {
        await changed()
        continue
      }
      const next = this.#held[0]
      if (next === undefined) break
      const wait = next.due - performance.now()
      if (wait > 0) {
        await Promise.race([sleep(wait), changed()])
        continue
      }
      this.#held.shift()
      this.#heldBytes -= next.piece.length
      await this.#write(next.piece)
      if (this.#heldBytes < HELD_BYTES_MAX / 2) from.resume()
    }
    this.#isPumping = false
    if (this.#isEnded && this.#held.length === 0) to.end()
  }

  async #write(piece: Buffer): Promise<void> {
    const { to, weather, passed } = this.#parts
    passed(piece.length)
    const parts = slices(piece, weather())
    for (const part of parts) {
      const isTaken = to.write(part)
      // A turn between two slices, so that they travel as two packets.
      if (parts.length > 1) await new Promise((resolve) => setImmediate(resolve))
      if (!isTaken && !to.destroyed) await drained(to)
    }
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.on('drain', done)
    socket.on('close', done)
  })
}
