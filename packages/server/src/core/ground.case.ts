/** A core over the real SQLite store, with people to try it on, for tests. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Id, LogEvent, MyChannel, MyCommunity, Person, Role } from '@madang/protocol'
import { type Clock, systemClock } from '../clock.ts'
import { createNewId, systemRandom } from '../ids.ts'
import { createSqliteStore } from '../store/sqlite.ts'
import { type Store, StoreError } from '../store/store.ts'
import type { Core } from './core.ts'
import { type CoreOptions, createCore } from './create-core.ts'
import type { Outlet, PersonNotice } from './outlet.ts'
import { PasswordHash, type PasswordScheme } from './people/password-hash.ts'
import { Refusal } from './refusal.ts'

/** Keeps everything that core tells. */
export class RecordingOutlet implements Outlet {
  readonly events: LogEvent[] = []
  readonly calls: (readonly LogEvent[])[] = []
  readonly notices: { readonly personId: Id; readonly notice: PersonNotice }[] = []

  committed(events: readonly LogEvent[]): void {
    this.calls.push(events)
    this.events.push(...events)
  }

  notify(personId: Id, notice: PersonNotice): void {
    this.notices.push({ personId, notice })
  }

  /** The notices to a person since the last call, all of them forgotten then. */
  take(person: Person): readonly PersonNotice[] {
    const mine = this.notices.filter(({ personId }) => personId === person.id)
    this.notices.length = 0
    return mine.map(({ notice }) => notice)
  }
}

/** A clock that tests set, with the system's timers. */
export class TestClock implements Clock {
  nowMs = 1_800_000_000_000
  readonly after = systemClock.after
  readonly every = systemClock.every
  now(): number {
    return this.nowMs
  }
  monotonic(): number {
    return this.nowMs
  }
}

/** A scheme that costs nothing, for tests that are not about passwords. */
export const cheapScheme: PasswordScheme = {
  prefix: '$cheap$',
  derive: async (password, salt) => Buffer.concat([Buffer.from(password), salt]),
}

export interface Differs {
  readonly options?: CoreOptions
  readonly passwords?: PasswordHash
  /** Methods of the store. */
  readonly store?: Partial<Store>
  /** Told the name of each method of the store as it is called. */
  readonly onStoreCall?: (name: string) => void
}

export interface Ground {
  readonly store: Store
  readonly core: Core
  readonly outlet: RecordingOutlet
  readonly clock: TestClock
  /** Another core over the same store, as another node has one; what is handed in takes the place of the usual. */
  readonly otherNode: (differs?: Differs) => { core: Core; outlet: RecordingOutlet }
  /** Somebody new, in no community. */
  person(name: string, kind?: Person['kind']): Promise<Person>
  /** Puts people into a community, without words. */
  settle(community: MyCommunity, people: readonly Person[], role?: Role): Promise<void>
}

export async function startGround(
  t: TestContext,
  options: CoreOptions = { welcome: null },
): Promise<Ground> {
  const clock = new TestClock()
  const newId = createNewId(clock)
  const store = createSqliteStore({ file: ':memory:' })
  await store.start()
  t.after(() => store.stop())
  const passwords = new PasswordHash(systemRandom, cheapScheme, [cheapScheme])
  const usual = { clock, newId, randomBytes: systemRandom, passwords, options }
  const node = (differs: Differs = {}) => {
    const outlet = new RecordingOutlet()
    const parts = { ...usual, ...differs, store: overlaid(store, differs) }
    return { core: createCore({ ...parts, outlet }), outlet }
  }
  const { core, outlet } = node()
  return {
    store,
    core,
    outlet,
    clock,
    otherNode: node,
    async person(name, kind = 'account') {
      const person: Person = { id: newId(), name, kind }
      assert.equal(await store.createPerson({ ...person, createdAt: clock.now() }), true)
      return person
    },
    async settle(community, people, role = 'member') {
      for (const { id } of people) {
        const change = { communityId: community.id, personId: id, role, banned: false }
        await store.setCommunityMember({ ...change, at: clock.now() })
      }
    },
  }
}

/** The real store, but for the methods that are handed in. */
function overlaid(store: Store, { store: methods = {}, onStoreCall }: Differs): Store {
  return new Proxy(store, {
    get(target, name) {
      const own: unknown = Reflect.get(Object.hasOwn(methods, name) ? methods : target, name)
      if (typeof own !== 'function') return own
      return (...given: unknown[]): unknown => {
        onStoreCall?.(String(name))
        return own.apply(target, given)
      }
    },
  })
}

/** Lets the event loop turn until it is so. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let turns = 0; !isSo(); turns += 1) {
    assert.ok(turns < 100_000, 'it never came to be so')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** What became of a call: `+`, or the code of its refusal. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return '+'
  } catch (error) {
    if (error instanceof Refusal) return error.body.code
    if (error instanceof StoreError) return `store: ${error.code}`
    throw error
  }
}

export async function refuses(call: Promise<unknown>, code: string): Promise<void> {
  assert.equal(await outcomeOf(call), code)
}

/** The whole log of a channel. */
export async function logOf(store: Store, channelId: Id): Promise<readonly LogEvent[]> {
  const [page] = await store.eventsAfter([{ channelId, after: 0, limit: 10_000 }])
  assert.ok(page)
  assert.equal(page.events.length, page.head)
  return page.events
}

/** A community with an owner, and a public text channel in it. */
export async function yard(ground: Ground): Promise<{
  founder: Person
  community: MyCommunity
  general: MyChannel
}> {
  const founder = await ground.person('Founder')
  const made = await ground.core.communities.create(founder, { name: 'Yard' })
  const [general] = made.channels
  assert.ok(general)
  return { founder, community: made.community, general }
}
