/** Dice that fall the same way for the same seed. */

export interface Random {
  /** From 0 up to 1. */
  next(): number
  /** A whole number from 0 up to `count`. */
  below(count: number): number
  /** Undefined for no choices. */
  pick<T>(choices: readonly T[]): T | undefined
  /** Other dice, which do not fall differently when these are thrown more often. */
  fork(name: string): Random
}

/** `seed`: any whole number. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  // Mulberry32, by Tommy Ettinger: in the public domain, and good enough to deal out faults.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number): number => Math.floor(next() * count)
  return {
    next,
    below,
    pick: (choices) => choices[below(choices.length)],
    fork: (name) => createRandom(seed ^ hashOf(name)),
  }
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}
