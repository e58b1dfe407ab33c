/** Where a simulated run happens: one store, the hubs that nodes meet at, and the people with their channels. */
import { MemoryHub } from '@madang/fanout'
import { type FakeClock, seededRandom } from '@madang/fanout/testing'
import type { Id, Person } from '@madang/protocol'
import type { Core } from '../../core/core.ts'
import { createCore } from '../../core/create-core.ts'
import type { Store } from '../../store/store.ts'
import { passwords, type Weather } from './node.ts'

export interface Resident {
  readonly person: Person
  readonly token: string
}

/**
 * `open`: public, everybody's. `half`: public, of every second person. `private`: the same, and nobody joins uninvited. `live`: of its owner, and watched by the
 * community. `direct`: of the first two people.
 */
export type PlaceKind = 'open' | 'half' | 'private' | 'live' | 'direct'

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

/** Ids are as unique as a count is; no seed has more than one source of the same number. */
export function createDice(seed: number, source: number): Dice {
  const random = seededRandom(seed)
  const prefix = `00000000-0000-7000-8${String(source).padStart(3, '0')}-`
  let ids = 0
  return {
    random,
    randomBytes: (bytes) => {
      const made = new Uint8Array(bytes)
      for (let at = 0; at < bytes; at += 1) made[at] = random() * 256
      return made
    },
    newId: () => prefix + (++ids).toString(16).padStart(12, '0'),
  }
}

/** Where nobody carries frames, every node is alone at a hub of its own. */
export function createHubs(
  { weather, narrow }: { readonly weather: Weather; readonly narrow: boolean },
  clock: FakeClock,
): () => MemoryHub {
  const newHub = () =>
    new MemoryHub({
      defer: (run) => void clock.after(1, run),
      // What does not fit is lost, and nobody is told: only where the weather is so.
      ...(weather === 'untold' && narrow && { queueFramesMax: 6 }),
    })
  const shared = newHub()
  return () => (weather === 'none' ? newHub() : shared)
}

/** A community of everybody, with channels of the first person. */
export async function furnish(
  store: Store,
  clock: FakeClock,
  what: { readonly seed: number; readonly people: number; readonly places: readonly PlaceKind[] },
): Promise<Place> {
  const dice = createDice(what.seed, 1)
  const outlet = { committed() {}, notify() {} }
  const core = createCore({ ...dice, store, clock, outlet, passwords, options: { welcome: null } })
  const residents: Resident[] = []
  for (let i = 0; i < what.people; i++) {
    const { person, session } = await core.people.guest(`p${i}`)
    residents.push({ person, token: session.token })
  }
  const [owner, ...others] = residents
  if (owner === undefined) throw new Error('a story is about somebody')
  const { community } = await core.communities.create(owner.person, { name: 'Home' })
  for (const { person } of others) await core.communities.join(person, community.id)
  const channels: Id[] = []
  const inside = { core, communityId: community.id, owner: owner.person }
  for (const [index, kind] of what.places.entries()) {
    const people = others.map(({ person }) => person)
    channels.push(await makePlace({ ...inside, others: people, name: `c${index}` }, kind))
  }
  return { communityId: community.id, residents, channels }
}

interface Making {
  readonly core: Core
  readonly communityId: Id
  readonly owner: Person
  readonly others: readonly Person[]
  readonly name: string
}

async function makePlace(
  { core, communityId, owner, others, name }: Making,
  kind: PlaceKind,
): Promise<Id> {
  const [second] = others
  if (kind === 'direct' && second !== undefined) {
    return (await core.channels.direct(owner, { communityId, personId: second.id })).id
  }
  const { id } = await core.channels.create(owner, {
    ...{ communityId, name },
    kind: kind === 'live' ? 'live' : 'text',
    visibility: kind === 'private' ? 'private' : 'public',
  })
  if (kind === 'live') return id
  const members = others.filter((_, at) => kind === 'open' || at % 2 === 0)
  for (const { id: personId } of members) {
    await core.channels.invite(owner, { channelId: id, personId })
  }
  return id
}
