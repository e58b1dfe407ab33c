// Random joins, leaves, emits and commands on three nodes: each client hears exactly what a model of one big room table says, in the order of each node.
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import type { BroadcastOperator, DefaultEventsMap } from 'socket.io'
import { AdapterGround } from '../testing/adapter-ground.ts'
import { settle } from '../testing/fake-clock.ts'
import type { Pair } from '../testing/socket-ground.ts'

const people = 6
const nodes = 3

/** A room's name, or the number of the person whose id it is. */
type Place = string | number

interface Move {
  readonly who: number
  readonly place: Place
}
interface Command {
  readonly node: number
  readonly to: Place[]
  readonly place: string
}
interface Emit {
  readonly node: number
  readonly to: Place[]
  readonly except: Place[]
  readonly times: number
}

type Step =
  | ({ readonly kind: 'join' } & Move)
  | ({ readonly kind: 'leave' } & Move)
  | ({ readonly kind: 'emit' } & Emit)
  | { readonly kind: 'broadcast'; readonly who: number; readonly to: Place[] }
  | ({ readonly kind: 'socketsJoin' } & Command)
  | ({ readonly kind: 'socketsLeave' } & Command)

const name = fc.constantFrom('a', 'b', 'c')
const who = fc.nat({ max: people - 1 })
const node = fc.nat({ max: nodes - 1 })
const place = fc.oneof({ weight: 3, arbitrary: name }, { weight: 1, arbitrary: who })
const places = fc.uniqueArray(place, { maxLength: 3 })

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('join', 'leave'), who, place }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('emit'),
      node,
      to: places,
      except: places,
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('broadcast'), who, to: places }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('socketsJoin', 'socketsLeave'),
      node,
      to: places,
      place: name,
    }),
  },
) as fc.Arbitrary<Step>

/** Who is where, and what each has heard. */
class Model {
  readonly members = new Map<Place, Set<number>>()
  readonly heard: number[][] = Array.from({ length: people }, () => [])

  constructor() {
    for (let one = 0; one < people; one++) this.of(one).add(one)
  }

  of(at: Place): Set<number> {
    const members = this.members.get(at) ?? new Set()
    this.members.set(at, members)
    return members
  }

  meant(to: readonly Place[], except: readonly Place[]): number[] {
    const out = new Set(except.flatMap((at) => [...this.of(at)]))
    const all = Array.from({ length: people }, (_, one) => one)
    const inside = to.length === 0 ? all : [...new Set(to.flatMap((at) => [...this.of(at)]))]
    return inside.filter((one) => !out.has(one))
  }
}

class Play {
  readonly model = new Model()
  readonly #ground: AdapterGround
  readonly #pairs: readonly Pair[]
  #count = 0

  constructor(ground: AdapterGround, pairs: readonly Pair[]) {
    this.#ground = ground
    this.#pairs = pairs
  }

  async do(step: Step): Promise<void> {
    const { model } = this
    if (step.kind === 'socketsJoin' || step.kind === 'socketsLeave') this.#command(step)
    else if (step.kind === 'join') {
      model.of(step.place).add(step.who)
      await this.#socket(step.who).join(this.#named(step.place))
    } else if (step.kind === 'leave') {
      // Leaving the room of one's own is a case of its own.
      if (step.place === step.who) return
      model.of(step.place).delete(step.who)
      void this.#socket(step.who).leave(this.#named(step.place))
    } else if (step.kind === 'emit') {
      const target = this.#target(step.node, step.to).except(
        step.except.map((at) => this.#named(at)),
      )
      for (let i = 0; i < step.times; i++) this.#emit(target, model.meant(step.to, step.except))
    } else {
      const target = this.#socket(step.who).to(step.to.map((at) => this.#named(at)))
      this.#emit(target, model.meant(step.to, [step.who]))
    }
    // From node to node a frame takes a turn; a question, its answer and what follows take some more.
    for (let turn = 0; turn < 5; turn++) await settle()
  }

  #command(step: Command & { readonly kind: 'socketsJoin' | 'socketsLeave' }): void {
    const { model } = this
    const target = this.#target(step.node, step.to)
    target[step.kind](step.place)
    for (const one of model.meant(step.to, [])) {
      if (step.kind === 'socketsJoin') model.of(step.place).add(one)
      else model.of(step.place).delete(one)
    }
    // At once, of the same node: it knows nothing of who is subscribed where.
    this.#emit(this.#target(step.node, [step.place]), model.meant([step.place], []))
  }

  #emit(target: Pick<BroadcastOperator<DefaultEventsMap, unknown>, 'emit'>, meant: number[]): void {
    this.#count += 1
    target.emit('n', this.#count)
    for (const one of meant) this.model.heard[one]?.push(this.#count)
  }

  #target(from: number, to: readonly Place[]) {
    return this.#ground.io(from).to(to.map((at) => this.#named(at)))
  }

  #named(at: Place): string {
    return typeof at === 'string' ? at : this.#socket(at).id
  }

  #socket(one: number) {
    const pair = this.#pairs[one]
    assert.ok(pair)
    return pair.socket
  }
}

async function playAll(ground: AdapterGround, steps: readonly Step[]): Promise<void> {
  const pairs = await ground.people(people)
  const play = new Play(ground, pairs)
  for (const one of steps) await play.do(one)
  const heard = await ground.heard(pairs)
  assert.deepEqual(
    heard.map((events) => events.map(([, n]) => n)),
    play.model.heard,
  )
  for (const { client } of pairs) client.disconnect()
}

suite('rooms', () => {
  for (const defaultRoom of [true, false]) {
    test(`of three nodes are one, ${defaultRoom ? 'with' : 'without'} default rooms`, async () => {
      const ground = await AdapterGround.open({ nodes, adapter: { defaultRoom } })
      try {
        const steps = fc.array(step, { minLength: 10, maxLength: 60 })
        await fc.assert(
          fc.asyncProperty(steps, (all) => playAll(ground, all)),
          { numRuns: 30 },
        )
      } finally {
        await ground.close()
      }
      assert.equal(ground.hub.topics, 0)
    })
  }
})
