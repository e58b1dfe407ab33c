/** What a fault proxy does to the bytes that pass; changed while they pass. */

export interface Weather {
  /** How long each piece is held back, in ms. */
  readonly delayMs: number
  /** Up to so much longer, by the dice, in ms. Pieces of one connection keep their order. */
  readonly jitterMs: number
  /** Bytes a second and direction; 0: no limit. */
  readonly bytesPerSecond: number
  /** Pieces are cut into slices of so many bytes; 0: left whole. */
  readonly sliceBytes: number
  /** Whether connections are made, and what becomes of those that are there:
   * `open`: everything passes. `refused`: closed, and new ones at once (a server that is gone).
   * `silent`: accepted and kept, and nothing passes (half-open: a machine that froze, a cable that was pulled). What came in meanwhile passes when it is over.
   */
  readonly path: 'open' | 'refused' | 'silent'
}

export const FAIR: Weather = {
  delayMs: 0,
  jitterMs: 0,
  bytesPerSecond: 0,
  sliceBytes: 0,
  path: 'open',
}

/** The pieces that a piece is sent on as. */
export function slices(piece: Buffer, { sliceBytes }: Pick<Weather, 'sliceBytes'>): Buffer[] {
  if (sliceBytes === 0 || piece.length <= sliceBytes) return [piece]
  const count = Math.ceil(piece.length / sliceBytes)
  return Array.from({ length: count }, (_, at) =>
    piece.subarray(at * sliceBytes, (at + 1) * sliceBytes),
  )
}

/**
 * When a piece that came now may go on, in ms on the clock of `now`: not before the one ahead of it, and not faster than the limit. `dice` from 0 up to 1.
 */
export function dueAt(
  weather: Weather,
  { now, dice, bytes, lastDue }: { now: number; dice: number; bytes: number; lastDue: number },
): number {
  const held = now + weather.delayMs + dice * weather.jitterMs
  const paced = weather.bytesPerSecond === 0 ? 0 : (bytes / weather.bytesPerSecond) * 1_000
  return Math.max(held, lastDue) + paced
}
