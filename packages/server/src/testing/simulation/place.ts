/** Where a simulated run happens: one store, the hubs that nodes meet at, and the people with their channels. */
import { MemoryHub } from '@madang/fanout'
import { FakeClock, seededRandom } from '@madang/fanout/testing'
import type { Id, LogEvent, Person } from '@madang/protocol'
import type { Core } from '../../core/core.ts'
import { createCore } from '../../core/create-core.ts'
import { Rows } from '../../store/testing/memory/rows.ts'
import { passwords, type Weather } from './node.ts'
import { createVault } from './vault.ts'

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

/** A place, and the store in which it was made. */
export interface Furnished extends Place {
  readonly rows: Rows
  readonly committed: readonly LogEvent[]
}

const known = new Map<string, Promise<Furnished>>()

/** A community of everybody, with channels of the first person. The same people and channels are made once, and then copied. */
export async function furnish(people: number, places: readonly PlaceKind[]): Promise<Furnished> {
  const key = `${people} ${places}`
  const made = known.get(key) ?? makeAll(people, places)
  known.set(key, made)
  const furnished = await made
  return { ...furnished, rows: new Rows(furnished.rows) }
}

async function makeAll(people: number, places: readonly PlaceKind[]): Promise<Furnished> {
  const rows = new Rows()
  const committed: LogEvent[] = []
  const store = createVault(rows, { committed: (event) => committed.push(event), placed() {} })
  await store.start()
  const dice = createDice(0, 1)
  const outlet = { committed() {}, notify() {} }
  const clock = new FakeClock()
  const core = createCore({ ...dice, store, clock, outlet, passwords, options: { welcome: null } })
  const residents: Resident[] = []
  for (let i = 0; i < people; i++) {
    const { person, session } = await core.people.guest(`p${i}`)
    residents.push({ person, token: session.token })
  }
  const [owner, ...others] = residents.map(({ person }) => person)
  if (owner === undefined) throw new Error('a story is about somebody')
  const { community } = await core.communities.create(owner, { name: 'Home' })
  for (const person of others) await core.communities.join(person, community.id)
  const channels: Id[] = []
  const inside = { core, communityId: community.id, owner, others }
  for (const [index, kind] of places.entries()) {
    channels.push(await makePlace({ ...inside, name: `c${index}` }, kind))
  }
  await store.stop()
  return { communityId: community.id, residents, channels, rows, committed }
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
