/** Where a simulated run happens: one store, the hubs that nodes meet at, and the people with their channels. */
import { MemoryHub } from '@madang/fanout'
import { type FakeClock, seededRandom } from '@madang/fanout/testing'
import type { Id, Person } from '@madang/protocol'
import { createCore } from '../../core/create-core.ts'
import { uuidV7 } from '../../ids.ts'
import type { Store } from '../../store/store.ts'
import { CHANNELS, type Story } from './story.ts'

export interface Resident {
  readonly person: Person
  readonly token: string
}

export interface Place {
  readonly communityId: Id
  readonly residents: readonly Resident[]
  readonly channels: readonly Id[]
}

export interface Dice {
  readonly random: () => number
  readonly newId: () => Id
  readonly randomBytes: (bytes: number) => Uint8Array
}

export function createDice(seed: number, clock: { now(): number }): Dice {
  const random = seededRandom(seed)
  const randomBytes = (bytes: number) => Uint8Array.from({ length: bytes }, () => random() * 256)
  return { random, randomBytes, newId: () => uuidV7(clock.now(), randomBytes(16)) }
}

/** Where nobody carries frames, every node is alone at a hub of its own. */
export function createHubs({ weather, narrow }: Story, clock: FakeClock): () => MemoryHub {
  const newHub = () =>
    new MemoryHub({
      defer: (run) => void clock.after(1, run),
      // What does not fit is lost, and nobody is told: only where the weather is so.
      ...(weather === 'untold' && narrow && { queueFramesMax: 6 }),
    })
  const shared = newHub()
  return () => (weather === 'none' ? newHub() : shared)
}

/** A community of everybody, with channels of its owner: the first is everybody's, the other of every second. */
export async function furnish(store: Store, clock: FakeClock, story: Story): Promise<Place> {
  const dice = createDice(story.seed + 1, clock)
  const outlet = { committed() {}, notify() {} }
  const core = createCore({ ...dice, store, clock, outlet, options: { welcome: null } })
  const residents: Resident[] = []
  for (let i = 0; i < story.people; i++) {
    const { person, session } = await core.people.guest(`p${i}`)
    residents.push({ person, token: session.token })
  }
  const [owner, ...others] = residents
  if (owner === undefined) throw new Error('a story is about somebody')
  const { community } = await core.communities.create(owner.person, { name: 'Home' })
  for (const { person } of others) await core.communities.join(person, community.id)
  const channels: Id[] = []
  for (let i = 0; i < CHANNELS; i++) {
    const what = { communityId: community.id, kind: 'text', name: `c${i}` } as const
    const { id } = await core.channels.create(owner.person, what)
    const members = others.filter((_, at) => i === 0 || at % 2 === 0)
    for (const { person } of members) await core.channels.join(person, id)
    channels.push(id)
  }
  return { communityId: community.id, residents, channels }
}
