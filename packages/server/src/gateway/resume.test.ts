/** Whatever happens to its connections, what a reader saw is the log: in order, once, without a hole. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { seededRandom } from '@madang/fanout/testing'
import type { Id, LogEvent, Replay } from '@madang/protocol'
import fc from 'fast-check'
import type { Store } from '../store/store.ts'
import type { Session } from './session.ts'
import { type MemoryClient, MemoryWire } from './testing/memory-wire.ts'
import { slowStore } from './testing/slow-store.ts'
import { turnClock } from './testing/turn-clock.ts'
import { type Guest, newWorld, type World } from './testing/world.ts'

type Step =
  | { readonly kind: 'send' | 'connect'; readonly node: number }
  | { readonly kind: 'sync' | 'disconnect' | 'edit' }
  | { readonly kind: 'pause'; readonly turns: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('send' as const), node: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('connect' as const), node: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sync' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('disconnect' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('edit' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pause' as const), turns: fc.nat(12) }) },
)

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A reader that keeps a cursor per channel, and takes nothing but the next event. */
class Reader {
  readonly seen: ReadonlyMap<Id, number[]>
  readonly #world: World<MemoryWire<Session>>
  readonly #who: Guest
  #client: MemoryClient | undefined
  /** What an older connection still does is not ours. */
  #attempt = 0
  /** Between a `sync` and its answer live events may come twice. */
  #syncing = false
  readonly #handshakes: Promise<void>[] = []

  constructor(world: World<MemoryWire<Session>>, who: Guest, channelIds: readonly Id[]) {
    this.#world = world
    this.#who = who
    this.seen = new Map(channelIds.map((id) => [id, []]))
  }

  get #cursors(): Record<Id, number> {
    return Object.fromEntries([...this.seen].map(([id, seen]) => [id, seen.length]))
  }

  connect(node: number): void {
    this.disconnect()
    const attempt = ++this.#attempt
    const wire = this.#world.nodes[node]?.wire
    assert.ok(wire)
    const auth = { token: this.#who.token, cursors: this.#cursors }
    const handshake = wire.connect({ auth }).then((client) => {
      if (this.#attempt !== attempt) {
        client.close()
        return
      }
      this.#client = client
      for (const { event, payload } of client.seen) this.#take(event, payload)
      client.onSeen = ({ event, payload }) => this.#take(event, payload)
    })
    this.#handshakes.push(handshake)
  }

  disconnect(): void {
    this.#client?.close()
    if (this.#client) this.#client.onSeen = () => {}
    this.#client = undefined
    this.#syncing = false
    this.#attempt++
  }

  sync(): void {
    const client = this.#client
    if (client === undefined || this.#syncing) return
    this.#syncing = true
    client.ask('sync', { open: this.#cursors }, (answer) => {
      if (client !== this.#client) return
      for (const replay of (answer as { replays: Replay[] }).replays) this.#replay(replay)
      this.#syncing = false
    })
  }

  /** Ends once those handshakes too that it gave up have ended: none of them may be refused, now or after the test. */
  async end(): Promise<void> {
    this.disconnect()
    await Promise.all(this.#handshakes)
  }

  async until(holds: (seen: ReadonlyMap<Id, number[]>) => boolean): Promise<void> {
    while (this.#syncing || !holds(this.seen)) await turn()
  }

  #take(event: string, payload: unknown): void {
    if (event === 'ready') {
      for (const replay of (payload as { replays: Replay[] }).replays) this.#replay(replay)
    }
    if (event === 'event') this.#next(payload as LogEvent)
  }

  #replay({ channelId, error, limited, events, head }: Replay): void {
    assert.equal(error, undefined)
    assert.equal(limited, false)
    for (const event of events) this.#next(event)
    assert.equal(this.seen.get(channelId)?.length, head, 'a replay ends at its head')
  }

  #next({ channelId, seq }: LogEvent): void {
    const seen = this.seen.get(channelId)
    assert.ok(seen)
    if (this.#syncing && seq <= seen.length) return
    assert.equal(seq, seen.length + 1, 'the next event is the next of the log')
    seen.push(seq)
  }
}

describe('a reader who comes and goes', () => {
  let world: World<MemoryWire<Session>>
  let random = () => 0
  /** A client id is the author's once and for all. */
  let sent = 0

  before(async () => {
    const options = {
      rates: { person: { burst: 1e9, perSecond: 1e9 }, address: { burst: 1e9, perSecond: 1e9 } },
      limits: { connectionsPerPersonMax: 1_000 },
    }
    const between = (store: Store) => slowStore(store, () => Math.floor(random() * 3))
    world = await newWorld({
      newWire: () => new MemoryWire<Session>(),
      nodes: 2,
      clock: turnClock,
      options,
      between,
    })
  })
  after(() => {
    return world.stop()
  })

  async function play(steps: readonly Step[], seed: number): Promise<void> {
    random = seededRandom(seed)
    const [ann, bob] = [await world.guest('ann'), await world.guest('bob')]
    const { channelId, communityId } = await world.place(ann, [bob])
    const kind = 'live'
    const live = await world.core.channels.create(ann.person, { communityId, kind, name: 'live' })
    const channels = [channelId, live.id]
    const reader = new Reader(world, bob, channels)
    const writes: Promise<unknown>[] = []
    const messages: { channelId: Id; target: number }[] = []
    for (const step of steps) {
      const core = 'node' in step ? world.nodes[step.node]?.core : world.core
      assert.ok(core)
      if (step.kind === 'send') {
        const channelId = channels[sent % 2] ?? ''
        const what = { channelId, clientId: `c${++sent}`, text: `message ${sent}` }
        const write = core.messages.send(ann.person, what)
        writes.push(write.then(({ seq }) => messages.push({ channelId, target: seq })))
      } else if (step.kind === 'edit' && messages[0] !== undefined) {
        writes.push(core.messages.edit(ann.person, { ...messages[0], text: `edit ${++sent}` }))
      } else if (step.kind === 'connect') reader.connect(step.node)
      else if (step.kind === 'disconnect') reader.disconnect()
      else if (step.kind === 'sync') reader.sync()
      const turns = step.kind === 'pause' ? step.turns : Math.floor(random() * 3)
      for (let i = 0; i < turns; i++) await turn()
    }
    await Promise.all(writes)
    const pages = await Promise.all(
      channels.map((id) => world.core.reading.readable(bob.person, id)),
    )
    reader.connect(0)
    await reader.until((seen) => pages.every(({ id, head }) => seen.get(id)?.length === head))
    await reader.end()
    assert.deepEqual(world.errors, [])
  }

  it('sees each log, in order, once', async () => {
    const steps = fc.array(step, { maxLength: 70, size: 'max' })
    await fc.assert(fc.asyncProperty(steps, fc.integer(), play), { numRuns: 200 })
  })
})
