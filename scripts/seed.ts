// Which dice property tests throw.

/** A number: always these. `random`: others in every run. */
export type Seed = string | undefined

const USUAL = 1

/** Undefined: others in every run. Throws a RangeError at anything else than a whole number of 32 bits or `random`. */
export function seedOf(wanted: Seed): number | undefined {
  if (wanted === undefined || wanted === '') return USUAL
  if (wanted === 'random') return undefined
  const seed = Number(wanted)
  if (Number.isInteger(seed) && Object.is(seed | 0, seed)) return seed
  throw new RangeError(`a seed is a whole number of 32 bits or "random", not "${wanted}"`)
}
