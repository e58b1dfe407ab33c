/** A simulated run as it is going on: nodes that come and go, devices that move between them, and time that only this moves. */
import type { MemoryHub } from '@madang/fanout'
import { FakeClock, seededRandom } from '@madang/fanout/testing'
import type { Id } from '@madang/protocol'
import {
  createDice,
  createHubs,
  createVault,
  type Dice,
  furnish,
  type Place,
  type Seams,
  SimNode,
  type Store,
} from '@madang/server/simulation'
import type { Deed, DeviceFault, Lead } from './deeds.ts'
import { History } from './history.ts'
import { type CreateClient, OurDevice } from './ours.ts'
import type { Pipe } from './pipe.ts'
import { type Act, StockDevice } from './stock.ts'
import { BEGINS_AT_MS, type Step, type Story } from './story.ts'

/** How long a node takes to move everybody elsewhere, in ms. */
const DRAIN_MS = 800
/** How long a node takes to stop at most, in ms. */
const STOP_MS_MAX = 15_000

export interface WorldParts {
  readonly seams: Seams
  readonly createClient: CreateClient
}

export type Device = OurDevice | StockDevice

export class World {
  readonly story: Story
  readonly clock = new FakeClock()
  readonly history = new History(() => this.clock.monotonic())
  readonly devices: Device[] = []
  /** What should not have happened inside a node. */
  readonly errors: string[] = []
  readonly nodes: SimNode[] = []
  readonly #parts: WorldParts
  readonly #dice: Dice
  readonly #newHub: () => MemoryHub
  /** Nodes that are cut off from their clients. */
  readonly #isolated = new Set<SimNode>()
  /** Faults that have not ended. */
  readonly #ends = new Set<() => void>()
  #vault: Store | undefined
  #hub: MemoryHub
  #place: Place = { communityId: '', residents: [], channels: [] }
  #made = 0
  #calm = false

  constructor(story: Story, parts: WorldParts) {
    this.story = story
    this.#parts = parts
    this.#dice = createDice(story.seed + 2, 2)
    this.#newHub = createHubs(story, this.clock)
    this.#hub = this.#newHub()
  }

  get vault(): Store {
    if (this.#vault === undefined) throw new Error('the run has not begun')
    return this.#vault
  }

  get place(): Place {
    return this.#place
  }

  get people(): readonly Id[] {
    return this.#place.residents.map(({ person }) => person.id)
  }

  async begin(): Promise<void> {
    const { story, clock, history } = this
    const { rows, committed, ...place } = await furnish(story.people, story.places)
    this.#place = place
    for (const event of committed) history.note({ what: 'committed', event })
    this.#vault = createVault(rows, {
      committed: (event) => history.note({ what: 'committed', event }),
      placed: (personId, inside) => history.note({ what: 'placed', personId, inside }),
    })
    await this.vault.start()
    for (let at = 0; at < story.nodes; at++) await this.#put(at)
    for (const index of story.devices.keys()) this.#addDevice(index)
    await clock.run(BEGINS_AT_MS - clock.monotonic())
  }

  perform(step: Step): void {
    this.history.note({ what: 'step', step })
    if ('whom' in step) void this.#lead(step)
    else if ('channel' in step) this.#act(step)
    else if (step.do === 'reload') this.devices[step.device]?.reload()
    else if ('device' in step) this.#disturb(step)
    else this.#strike(step)
  }

  /** Everything that can heal heals; in weather that stays away, all but the broker. */
  calm(): void {
    this.#calm = true
    this.history.note({ what: 'calm' })
    for (const end of [...this.#ends]) end()
    for (const node of this.nodes) node.broker.setRates({})
  }

  async end(): Promise<void> {
    for (const device of this.devices) void device.stop()
    const leaving = new Set(this.nodes)
    for (const node of this.nodes) {
      void node.leave(0).then((timers) => {
        leaving.delete(node)
        if (timers > 0) this.errors.push(`${node.name} left ${timers} timers behind`)
      })
    }
    const until = this.clock.monotonic() + STOP_MS_MAX
    while (leaving.size > 0 && this.clock.monotonic() < until) await this.clock.run(20)
    for (const { name } of leaving) this.errors.push(`${name} does not stop`)
    await this.vault.stop()
  }

  #addDevice(index: number): void {
    const { history, clock, story } = this
    const { person, kind } = story.devices[index] ?? { person: 0, kind: 'stock' }
    const resident = this.#place.residents[person]
    if (resident === undefined) throw new Error('a device is somebody’s')
    const random = seededRandom(story.seed * 31 + index)
    const { lagMsMax, storageMsMax } = story
    let first = true
    const choose = () => {
      const at = first ? index % story.nodes : Math.floor(random() * this.nodes.length)
      first = false
      const node = this.nodes[at]
      return node?.serves ? node : this.nodes.find(({ serves }) => serves)
    }
    const reaches = (node: SimNode) => !this.#isolated.has(node)
    const ways = { choose, reaches, lagMsMax, storageMsMax }
    const options = { index, resident, history, clock, random, ...ways }
    if (kind === 'stock') {
      const device = new StockDevice(options)
      this.devices.push(device)
      device.start()
      return
    }
    const device = new OurDevice(options, this.#parts.createClient)
    this.devices.push(device)
    device.start(this.#place.channels.slice(0, 1))
  }

  #channel({ channel }: { readonly channel: number }): Id {
    return this.#place.channels[channel] ?? ''
  }

  #act(step: Act): void {
    const device = this.devices[step.device]
    // The owner stays.
    if (step.do === 'leave' && this.story.devices[step.device]?.person === 0) return
    const channelId = this.#channel(step)
    if (step.do !== 'send') device?.act(step, channelId)
    else for (let i = 0; i < step.count; i++) device?.send(channelId)
  }

  async #lead(step: Lead): Promise<void> {
    const node = this.nodes[step.node]
    const by = this.#place.residents[0]?.person
    const personId = this.#place.residents[step.whom]?.person.id
    if (node === undefined || by === undefined || personId === undefined || !node.serves) return
    try {
      const { communityId } = this.#place
      const [place, what] = [
        { communityId, personId },
        { channelId: this.#channel(step), personId },
      ]
      if (step.do === 'expel') await node.core.communities.remove(by, place)
      else if (step.do !== 'admit') await node.core.channels[step.do](by, what)
      else {
        await node.core.communities.invite(by, place)
        await node.core.channels.invite(by, what)
      }
    } catch (error) {
      this.history.tell(`${step.do} is refused: ${error instanceof Error ? error.message : error}`)
    }
  }

  #disturb({ do: what, device: index, forMs }: DeviceFault): void {
    const device = this.devices[index]
    if (device === undefined) return
    const pipes = [...device.pipes]
    if (what === 'break') for (const pipe of pipes) pipe.break('broken', forMs)
    else if (what === 'offline') {
      if (device instanceof StockDevice) return
      device.setOnline(false)
      this.#until(forMs, () => device.setOnline(true))
    } else if (what === 'lag') {
      // What is lost to a stock client the server cannot tell it of: it closes the connection, as `break` does.
      if (device instanceof StockDevice) return
      for (const pipe of pipes) pipe.setBehind(true)
      this.#until(forMs, () => each(pipes, (pipe) => pipe.setBehind(false)))
    } else {
      for (const pipe of pipes) pipe.stall(true)
      this.#until(forMs, () => {
        if (what === 'freeze') each(pipes, (pipe) => pipe.break('timed out'))
        else each(pipes, (pipe) => pipe.stall(false))
      })
    }
  }

  #strike(step: Exclude<Deed, { device: number } | { whom: number }>): void {
    if (step.do === 'cut') {
      this.#hub.cut()
      if (step.forMs < Number.MAX_SAFE_INTEGER) this.#until(step.forMs, () => this.#hub.heal())
      return
    }
    const node = this.nodes[step.node]
    if (node === undefined || !node.serves) return
    const restore = () => node.broker.setRates(this.#calm ? {} : this.story.rates)
    switch (step.do) {
      case 'crash':
        node.crash()
        each(this.#pipesOf(node), (pipe) => pipe.break('the node is gone'))
        this.#until(step.forMs, () => void this.#put(step.node))
        break
      case 'drain':
        void node.leave(DRAIN_MS)
        this.#until(step.forMs + 4_000, () => void this.#put(step.node))
        break
      case 'part':
        node.broker.cut()
        this.#until(step.forMs, () => node.broker.heal())
        break
      case 'deafen':
        node.broker.setRates({ drop: 1 })
        this.#until(step.forMs, restore)
        break
      case 'skip':
        node.broker.setRates({ drop: 1 })
        this.#until(step.forMs, () => {
          restore()
          node.broker.gap()
        })
        break
      case 'isolate':
        this.#isolate(node, step.forMs)
        break
      case 'bar':
      case 'mute':
        this.#sever(node, step.do === 'bar' ? 'barred' : 'mute', step.forMs)
    }
  }

  #sever(node: SimNode, way: 'barred' | 'mute', forMs: number): void {
    node.way[way] = true
    this.#until(forMs, () => {
      node.way[way] = false
    })
  }

  #isolate(node: SimNode, forMs: number): void {
    this.#isolated.add(node)
    each(this.#pipesOf(node), (pipe) => pipe.stall(true))
    this.#until(forMs, () => {
      this.#isolated.delete(node)
      each(this.#pipesOf(node), (pipe) => pipe.stall(false))
    })
  }

  #pipesOf(node: SimNode): readonly Pipe[] {
    return this.devices.flatMap(({ pipes }) => pipes.filter((pipe) => pipe.node === node))
  }

  #until(forMs: number, end: () => void): void {
    const once = () => {
      if (!this.#ends.delete(once)) return
      timer.cancel()
      end()
    }
    const timer = this.clock.after(forMs, once)
    this.#ends.add(once)
  }

  async #put(at: number): Promise<void> {
    this.#made += 1
    if (this.story.weather === 'none') this.#hub = this.#newHub()
    const node = new SimNode({
      ...{ story: this.story, clock: this.clock, dice: this.#dice, vault: this.vault },
      ...{ hub: this.#hub, seams: this.#parts.seams },
      name: `n${at + 1}.${this.#made}`,
      seed: this.story.seed * 101 + this.#made,
      onError: (text, facts) => void this.errors.push(`${node.name}: ${text} ${detailOf(facts)}`),
    })
    this.nodes[at] = node
    await node.start()
    this.history.tell(`${node.name} serves`)
  }
}

function each(pipes: readonly Pipe[], act: (pipe: Pipe) => void): void {
  for (const pipe of pipes) if (!pipe.over) act(pipe)
}

function detailOf(facts: unknown): string {
  const error =
    typeof facts === 'object' && facts !== null && 'error' in facts ? facts.error : facts
  return error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)
}
