/** What most of the gateway's tests begin with: a world with memory wires, two people and a channel of theirs. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Session } from '../session.ts'
import { MemoryWire } from './memory-wire.ts'
import { type Guest, newWorld, type Place, type World, type WorldOptions } from './world.ts'

export interface Given extends World<MemoryWire<Session>>, Place {
  /** The owner of the place. */
  readonly ann: Guest
  /** A member. */
  readonly bob: Guest
}

export type GivenOptions = Partial<WorldOptions<MemoryWire<Session>>>

/** `errors`: the test means them to happen, and looks at them itself. */
export async function given(
  t: TestContext,
  options: GivenOptions = {},
  errors: 'none' | 'expected' = 'none',
): Promise<Given> {
  const world = await newWorld({ newWire: () => new MemoryWire<Session>(), ...options })
  t.after(async () => {
    await world.stop()
    if (errors === 'none') assert.deepEqual(world.errors, [])
    for (const { gateway } of world.nodes) {
      const { people, channels, communities } = gateway.size()
      assert.deepEqual(
        { people, channels, communities },
        { people: 0, channels: 0, communities: 0 },
      )
    }
  })
  const [ann, bob] = [await world.guest('ann'), await world.guest('bob')]
  return { ...world, ann, bob, ...(await world.place(ann, [bob])) }
}
