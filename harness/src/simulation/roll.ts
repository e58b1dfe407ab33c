/** Choices of a story. */

/** A whole number from 0 up to below the given one. */
export type Roll = (below: number) => number

export function oneOf<T>(roll: Roll, things: readonly T[]): T {
  const thing = things[roll(things.length)]
  if (thing === undefined) throw new Error('there is nothing to choose from')
  return thing
}
