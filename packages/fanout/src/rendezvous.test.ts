import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { hashOf, rendezvous } from './rendezvous.ts'

interface Place {
  readonly name: string
}

const topics = Array.from({ length: 10_000 }, (_, i) => `channel:${i * 7}`)

const placesOf = (names: readonly string[]): [Place, ...Place[]] => {
  const [first = 'only', ...others] = names
  return [{ name: first }, ...others.map((name) => ({ name }))]
}

/** Where each topic lies. */
const placed = (names: readonly string[]): readonly string[] =>
  topics.map(
    (
      (placeOf) => (topic: string) =>
        placeOf(topic).name
    )(rendezvous(placesOf(names))),
  )

const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 30 }), {
  minLength: 2,
  maxLength: 9,
})

/** How far a share may be from even, of the even share itself. Chance alone gives a deviation of 3 % for nine places and 10,000 topics. */
const UNEVEN_MAX = 0.15

const isAbout = (share: number, even: number): boolean => Math.abs(share / even - 1) <= UNEVEN_MAX

describe('rendezvous', () => {
  it('moves 1/(n+1) of the topics to a place that comes, and none between the old ones', () => {
    fc.assert(
      fc.property(names, (all) => {
        const [come, ...old] = all
        const before = placed(old)
        const after = placed(all)
        const moved = after.filter((name, i) => name !== before[i])
        assert.ok(moved.every((name) => name === come))
        const share = moved.length / topics.length
        assert.ok(isAbout(share, 1 / all.length), `${share} moved, of ${all.length} places`)
      }),
      { numRuns: 30 },
    )
  })

  it('gives each place its even share, within a bound', () => {
    fc.assert(
      fc.property(names, (all) => {
        const shares = new Map(all.map((name) => [name, 0]))
        for (const name of placed(all)) shares.set(name, (shares.get(name) ?? 0) + 1)
        for (const [name, count] of shares) {
          const share = count / topics.length
          assert.ok(isAbout(share, 1 / all.length), `${name} has ${share}, of ${all.length}`)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('does not look at the order of the list', () => {
    fc.assert(
      fc.property(names, fc.string(), (all, topic) => {
        const here = rendezvous(placesOf(all))(topic).name
        assert.equal(rendezvous(placesOf([...all].reverse()))(topic).name, here)
      }),
    )
  })

  it('places topics as every release does', () => {
    const placeOf = rendezvous(placesOf(['one', 'two', 'three']))
    const known = ['', 'lobby', 'channel:1', 'channel:2', '마당', '\ud800', 'x'.repeat(200)]
    assert.deepEqual(
      known.map((topic) => placeOf(topic).name),
      ['three', 'two', 'one', 'three', 'one', 'one', 'two'],
    )
    assert.deepEqual(
      ['', 'lobby', '마당'].map(hashOf),
      [2_872_998_923, 3_686_757_180, 2_947_664_658],
    )
  })
})
