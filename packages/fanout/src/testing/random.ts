/** A source of numbers that a seed repeats exactly. */

/**
 * Numbers from 0 up to 1, the same for the same seed: 32 bits of state moved by a Weyl sequence and mixed
 * by the finalizer of MurmurHash3 (Appleby, public domain). Good enough for tests, and for nothing else.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 4_294_967_296
  }
}
