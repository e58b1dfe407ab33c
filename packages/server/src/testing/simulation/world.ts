/** A simulated run as it is going on: nodes that come and go, devices that move between them, and time that only this moves. */
import type { MemoryHub } from '@madang/fanout'
import { FakeClock, seededRandom } from '@madang/fanout/testing'
import type { Id } from '@madang/protocol'
import type { Store } from '../../store/store.ts'
import { Device } from './device.ts'
import { History } from './history.ts'
import { type Seams, SimNode } from './node.ts'
import { createDice, createHubs, type Dice, furnish, type Place } from './place.ts'
import { BEGINS_AT_MS, devicesOf, personOf, type Step, type Story } from './story.ts'
import { createVault } from './vault.ts'

/** How long a node takes to move everybody elsewhere, in ms. */
const DRAIN_MS = 800

export class World {
  readonly story: Story
  readonly clock = new FakeClock()
  readonly history = new History(() => this.clock.monotonic())
  readonly vault: Store = createVault(this.history)
  readonly devices: Device[] = []
  /** What should not have happened inside a node. */
  readonly errors: string[] = []
  readonly nodes: SimNode[] = []
  readonly #seams: Seams
  readonly #dice: Dice
  readonly #newHub: () => MemoryHub
  #hub: MemoryHub
  #place: Place = { communityId: '', residents: [], channels: [] }
  #made = 0
  /** Faults that have not ended. */
  readonly #ends = new Set<() => void>()
  #calm = false

  constructor(story: Story, seams: Seams) {
    this.story = story
    this.#seams = seams
    this.#dice = createDice(story.seed + 2, this.clock)
    this.#newHub = createHubs(story, this.clock)
    this.#hub = this.#newHub()
  }

  get people(): readonly Id[] {
    return this.#place.residents.map(({ person }) => person.id)
  }

  async begin(): Promise<void> {
    await this.vault.start()
    this.#place = await furnish(this.vault, this.clock, this.story)
    for (let at = 0; at < this.story.nodes; at++) await this.#put(at)
    for (let index = 0; index < devicesOf(this.story); index++) this.#addDevice(index)
    await this.clock.run(BEGINS_AT_MS - this.clock.monotonic())
  }

  perform(step: Step): void {
    const { at: _, do: what, ...rest } = step
    const facts = Object.entries(rest).map(([name, value]) => `${name} ${value}`)
    this.history.tell(`${what}: ${facts.join(', ')}`)
    switch (step.do) {
      case 'send':
        for (let i = 0; i < step.count; i++) this.devices[step.device]?.send(this.#channel(step))
        return
      case 'edit':
      case 'delete':
        this.devices[step.device]?.change(step.do, this.#channel(step), step.back)
        break
      case 'join':
      case 'leave':
      case 'open':
      case 'close':
      case 'read':
        this.#act(step)
        break
      case 'kick':
      case 'ban':
      case 'unban':
      case 'invite':
      case 'expel':
      case 'admit':
        void this.#lead(step)
        break
      case 'break':
        this.devices[step.device]?.break(step.forMs)
        break
      default:
        this.#strike(step)
    }
  }

  /** Everything that can heal heals; in weather that stays away, all but the broker. */
  calm(): void {
    this.#calm = true
    this.history.tell('it is calm from here on')
    for (const end of [...this.#ends]) end()
    for (const node of this.nodes) node.broker.setRates({})
  }

  async end(): Promise<void> {
    for (const device of this.devices) device.stop()
    for (const node of this.nodes) {
      const leaving = node.leave(0)
      await this.clock.run(10)
      if ((await leaving) > 0) this.errors.push(`${node.name} left timers behind`)
    }
    await this.clock.run(5_000)
    await this.vault.stop()
  }

  #addDevice(index: number): void {
    const resident = this.#place.residents[personOf(index)]
    if (resident === undefined) throw new Error('a device is somebody’s')
    const random = seededRandom(this.story.seed * 31 + index)
    const { history, clock } = this
    let first = true
    const choose = () => {
      const at = first ? index % this.story.nodes : Math.floor(random() * this.nodes.length)
      first = false
      const node = this.nodes[at]
      return node?.serves ? node : this.nodes.find(({ serves }) => serves)
    }
    const resumes = index % 2 === 0
    const options = { index, resident, resumes, history, clock, random, choose }
    const device = new Device(options, this.#place.channels.slice(0, 1))
    this.devices.push(device)
    device.connect()
  }

  #channel({ channel }: { readonly channel: number }): Id {
    return this.#place.channels[channel] ?? ''
  }

  #act(step: Extract<Step, { do: 'join' | 'leave' | 'open' | 'close' | 'read' }>): void {
    const device = this.devices[step.device]
    // The owner stays.
    if (step.do === 'leave' && personOf(step.device) === 0) return
    device?.[step.do](this.#channel(step))
  }

  async #lead(step: Extract<Step, { whom: number }>): Promise<void> {
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

  #strike(step: Extract<Step, { forMs: number }>): void {
    if (step.do === 'cut') {
      this.#hub.cut()
      if (step.forMs < Number.MAX_SAFE_INTEGER) this.#until(step.forMs, () => this.#hub.heal())
      return
    }
    const at = 'node' in step ? step.node : 0
    const node = this.nodes[at]
    if (node === undefined || !node.serves) return
    switch (step.do) {
      case 'crash':
        node.crash()
        for (const device of this.devices) device.bereft(node)
        this.#until(step.forMs, () => void this.#put(at))
        break
      case 'drain':
        void node.leave(DRAIN_MS)
        this.#until(step.forMs + 4_000, () => void this.#put(at))
        break
      case 'part':
        node.broker.cut()
        this.#until(step.forMs, () => node.broker.heal())
        break
      case 'deafen':
        node.broker.setRates({ drop: 1 })
        this.#until(step.forMs, () => node.broker.setRates(this.#calm ? {} : this.story.rates))
        break
      case 'skip':
        node.broker.setRates({ drop: 1 })
        this.#until(step.forMs, () => {
          node.broker.setRates(this.#calm ? {} : this.story.rates)
          node.broker.gap()
        })
        break
      case 'bar':
        node.way.barred = true
        this.#until(step.forMs, () => {
          node.way.barred = false
        })
        break
      case 'mute':
        node.way.mute = true
        this.#until(step.forMs, () => {
          node.way.mute = false
        })
        break
    }
  }

  #until(forMs: number, end: () => void): void {
    const once = () => {
      if (!this.#ends.delete(once)) return
      timer.cancel()
      this.history.tell('a fault is over')
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
      ...{ hub: this.#hub, seams: this.#seams },
      name: `n${at + 1}.${this.#made}`,
      seed: this.story.seed * 101 + this.#made,
      onError: (text, facts) => void this.errors.push(`${node.name}: ${text} ${detailOf(facts)}`),
    })
    this.nodes[at] = node
    await node.start()
    this.history.tell(`${node.name} serves`)
  }
}

function detailOf(facts: unknown): string {
  const error =
    typeof facts === 'object' && facts !== null && 'error' in facts ? facts.error : facts
  return error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error)
}
