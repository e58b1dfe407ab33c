/** Splits what a server sends over a WebSocket into frames, and keeps no byte that it need not. */

/** Whole, unmasked frames of any length; the payload is only valid during the call. */
export class FrameReader {
  readonly #onFrame: (payload: Buffer) => void
  #rest: Buffer | undefined

  constructor(onFrame: (payload: Buffer) => void) {
    this.#onFrame = onFrame
  }

  push(bytes: Buffer): void {
    const all = this.#rest === undefined ? bytes : Buffer.concat([this.#rest, bytes])
    let at = 0
    while (at + 2 <= all.length) {
      const short = all[at + 1] ?? 0
      const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10)
      if (start > all.length) break
      const end = start + lengthAt(all, at, short)
      if (end > all.length) break
      this.#onFrame(all.subarray(start, end))
      at = end
    }
    this.#rest = at < all.length ? all.subarray(at) : undefined
  }
}

function lengthAt(bytes: Buffer, at: number, short: number): number {
  if (short < 126) return short
  return short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
}
