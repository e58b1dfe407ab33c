/** Whoever was removed gets nothing that came after, by any path, however the removal races with everything else. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { seededRandom } from '@madang/fanout/testing'
import type { Id, LogEvent, Replay } from '@madang/protocol'
import fc from 'fast-check'
import type { Core } from '../core/core.ts'
import { Refusal } from '../core/refusal.ts'
import type { Store } from '../store/store.ts'
import { removalIn } from './removals.ts'
import type { Session } from './session.ts'
import { type MemoryClient, MemoryWire } from './testing/memory-wire.ts'
import { slowStore } from './testing/slow-store.ts'
import { turnClock } from './testing/turn-clock.ts'
import { type Guest, newWorld, type Place, type World } from './testing/world.ts'

type Way = 'kick' | 'ban' | 'leave' | 'community'
type Step =
  | { readonly kind: 'send' | 'typing' | 'back'; readonly node: number }
  | { readonly kind: 'out'; readonly way: Way; readonly node: number }
  | { readonly kind: 'connect'; readonly node: number; readonly cursor: number | null | undefined }
  | { readonly kind: 'sync' | 'close' | 'history' | 'disconnect'; readonly which: number }
  | { readonly kind: 'pause'; readonly turns: number }

interface Scene extends Place {
  readonly ann: Guest
  readonly bob: Guest
}

const node = fc.nat(1)
const which = fc.nat(3)
const kinds = <K extends string>(...all: readonly K[]) => fc.constantFrom(...all)
const way = kinds<Way>('kick', 'ban', 'leave', 'community')
const cursor = fc.option(fc.option(fc.nat(20)), { nil: undefined })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: kinds('send', 'send', 'typing'), node }) },
  { weight: 3, arbitrary: fc.record({ kind: kinds('out'), way, node }) },
  { weight: 3, arbitrary: fc.record({ kind: kinds('back'), node }) },
  { weight: 3, arbitrary: fc.record({ kind: kinds('connect'), node, cursor }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: kinds('sync', 'close', 'history', 'disconnect'), which }),
  },
  { weight: 3, arbitrary: fc.record({ kind: kinds('pause'), turns: fc.nat(12) }) },
)

/** Most of it is refused, depending on what came first. */
const tried = (doing: Promise<unknown>): Promise<unknown> =>
  doing.catch((error) => {
    if (!(error instanceof Refusal)) throw error
  })

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Something of the channel that reached the person, and what the log said of them at that moment. */
interface Receipt {
  readonly what: string
  /** The greatest seq that it tells of. */
  readonly seq: number
  readonly member: boolean
  readonly head: number
}

const PLACES: ReadonlySet<string> = new Set(['joined', 'invited', 'left', 'kicked', 'banned'])

/** One connection of the person; looks at the log in the very moment in which something is received. */
class Witness {
  readonly receipts: Promise<Receipt>[] = []
  readonly client: MemoryClient
  /** The greatest seq that it was told of. */
  told = 0
  readonly #store: Store
  readonly #personId: Id
  readonly #channelId: Id
  /** Told to be gone, and not to be back since. */
  #gone = false

  constructor(client: MemoryClient, store: Store, personId: Id, channelId: Id) {
    this.client = client
    this.#store = store
    this.#personId = personId
    this.#channelId = channelId
    for (const { event, payload } of client.seen) this.#event(event, payload)
    client.onSeen = ({ event, payload }) => this.#event(event, payload)
  }

  sync(open: boolean): void {
    const payload = open ? { open: { [this.#channelId]: null } } : { close: [this.#channelId] }
    this.client.ask('sync', payload, (answer) => {
      for (const replay of (answer as { replays?: Replay[] }).replays ?? []) this.#replay(replay)
    })
  }

  history(): void {
    this.client.ask('history', { channelId: this.#channelId }, (answer) => {
      const { ok, head = 0 } = answer as { ok: boolean; head?: number }
      if (ok) this.#receive('history', head)
    })
  }

  /** Whoever was out, as the log had it in the moment of receipt, got nothing after the removal. */
  async judge(log: readonly LogEvent[]): Promise<void> {
    for (const { what, seq, member, head } of await Promise.all(this.receipts)) {
      if (member) continue
      const mine = (event: LogEvent) =>
        event.seq <= head &&
        PLACES.has(event.kind) &&
        'subject' in event &&
        event.subject.id === this.#personId
      const last = log.findLast(mine)
      assert.ok(last && removalIn(last))
      assert.ok(seq <= last.seq, `${what} ${seq} after the removal at ${last.seq}; head ${head}`)
    }
  }

  #event(event: string, payload: unknown): void {
    if (event === 'ready') {
      for (const replay of (payload as { replays: Replay[] }).replays) this.#replay(replay)
      return
    }
    const { channelId, channel } = payload as { channelId?: Id; channel?: { id: Id; head: number } }
    if (channel?.id === this.#channelId) {
      this.#gone = false
      this.told = Math.max(this.told, channel.head)
    }
    if (channelId !== this.#channelId || event === 'read') return
    assert.ok(!this.#gone, `${event} after gone`)
    if (event === 'gone') this.#gone = true
    if (event === 'event') this.#receive('event', (payload as LogEvent).seq)
    if (event === 'digest') this.#receive('digest', (payload as { head: number }).head)
  }

  #replay({ channelId, error, events, head }: Replay): void {
    if (channelId !== this.#channelId || error !== undefined) return
    this.#gone = false
    this.#receive('replay', Math.max(head, ...events.map(({ seq }) => seq)))
  }

  #receive(what: string, seq: number): void {
    this.told = Math.max(this.told, seq)
    // The store in one file reads in the turn of the call.
    const standing = this.#store.channelStanding(this.#channelId, this.#personId)
    const receipt = standing.then((place) => {
      assert.ok(place)
      return { what, seq, member: place.channelRole !== null, head: place.channel.head }
    })
    this.receipts.push(receipt)
  }
}

/** Whose place came back between the reading of it and the connection is told by the next look of the inspection, in seconds. */
const TOLD_MS_MAX = 60_000

async function told(witnesses: readonly Witness[], seq: number): Promise<void> {
  const deadline = performance.now() + TOLD_MS_MAX
  const isTold = (witness: Witness) => witness.told >= seq
  while (!witnesses.every(isTold) && performance.now() < deadline) await turn()
  assert.ok(witnesses.every(isTold), 'a member was not told of what came')
}

describe('a person who is removed', () => {
  let world: World<MemoryWire<Session>>
  let store: Store
  let random = () => 0
  let sent = 0

  before(async () => {
    const plenty = { burst: 1e9, perSecond: 1e9 }
    world = await newWorld({
      newWire: () => new MemoryWire<Session>(),
      nodes: 2,
      clock: turnClock,
      options: {
        rates: { person: plenty, address: plenty, reads: plenty, connection: plenty },
        limits: { digestIntervalMs: 1, typingIntervalMs: 1 },
      },
      between: (real) => {
        store = real
        return slowStore(real, () => Math.floor(random() * 3))
      },
    })
  })
  after(() => world.stop())

  async function out(core: Core, way: Way, { ann, bob, channelId, communityId }: Scene) {
    const personId = bob.person.id
    if (way === 'leave') await core.channels.leave(bob.person, channelId)
    else if (way === 'kick') await core.channels.kick(ann.person, { channelId, personId })
    else if (way === 'ban') await core.channels.ban(ann.person, { channelId, personId })
    else await core.communities.remove(ann.person, { communityId, personId })
  }

  async function back(core: Core, { ann, bob, channelId, communityId }: Scene) {
    const personId = bob.person.id
    await core.channels.unban(ann.person, { channelId, personId }).catch(() => {})
    await core.communities.invite(ann.person, { communityId, personId })
    await core.channels.invite(ann.person, { channelId, personId })
  }

  /** Once nothing moves any more, members are told of what comes, and nobody else is. */
  async function calm({ ann, bob, channelId }: Scene, witnesses: readonly Witness[]) {
    const { channelRole } = (await store.channelStanding(channelId, bob.person.id)) ?? {}
    const what = { channelId, clientId: `r${++sent}`, text: 'last' }
    const { seq } = await world.core.messages.send(ann.person, what)
    const open = witnesses.filter(({ client }) => client.closedBy === undefined)
    if (channelRole === null) for (let i = 0; i < 40; i++) await turn()
    else await told(open, seq)
  }

  async function play(steps: readonly Step[], seed: number): Promise<void> {
    random = seededRandom(seed)
    const [ann, bob] = [await world.guest('ann'), await world.guest('bob')]
    const scene: Scene = { ann, bob, ...(await world.place(ann, [bob])) }
    const { channelId } = scene
    const typist = await world.node.wire.connect({ auth: { token: ann.token } })
    const witnesses: Witness[] = []
    const doing: Promise<unknown>[] = []
    const connect = async (node: number, cursor: number | null | undefined) => {
      const cursors = cursor === undefined ? {} : { cursors: { [channelId]: cursor } }
      const client = await world.nodes[node]?.wire.connect({
        auth: { token: bob.token, ...cursors },
      })
      assert.ok(client)
      witnesses.push(new Witness(client, store, bob.person.id, channelId))
    }
    for (const step of steps) {
      const core = 'node' in step ? world.nodes[step.node]?.core : world.core
      assert.ok(core)
      const witness = 'which' in step ? witnesses[step.which] : undefined
      if (step.kind === 'send') {
        const what = { channelId, clientId: `r${++sent}`, text: 'x' }
        doing.push(core.messages.send(ann.person, what))
      } else if (step.kind === 'typing') typist.emit('typing', { channelId, typing: true })
      else if (step.kind === 'out') doing.push(tried(out(core, step.way, scene)))
      else if (step.kind === 'back') doing.push(tried(back(core, scene)))
      else if (step.kind === 'connect') doing.push(connect(step.node, step.cursor))
      else if (step.kind === 'disconnect') witness?.client.close()
      else if (step.kind === 'history') witness?.history()
      else if (step.kind !== 'pause') witness?.sync(step.kind === 'sync')
      const turns = step.kind === 'pause' ? step.turns : Math.floor(random() * 3)
      for (let i = 0; i < turns; i++) await turn()
    }
    await Promise.all(doing)
    for (let i = 0; i < 40; i++) await turn()
    await calm(scene, witnesses)
    for (const { client } of witnesses) client.close()
    typist.close()
    const [page] = await store.eventsAfter([{ channelId, after: 0, limit: 10_000 }])
    for (const witness of witnesses) await witness.judge(page?.events ?? [])
    assert.deepEqual(world.errors, [])
  }

  it('gets nothing that came after, and everything once they are back', async () => {
    const steps = fc.array(step, { maxLength: 60, size: 'max' })
    await fc.assert(fc.asyncProperty(steps, fc.integer(), play), { numRuns: 200 })
  })
})
