/** What happens in one simulated run, decided by its seed before anything runs: who does what when, and which faults strike. */
import { type FaultRates, seededRandom } from '@madang/fanout/testing'

/**
 * What carries frames, and how badly. `untold`: frames are lost, repeated, late and out of order, and nobody is told; nodes crash. `told`: what is lost the broker tells of.
 * `away`: it goes away and stays away. `none`: every node is alone, over one store.
 */
export type Weather = 'untold' | 'told' | 'away' | 'none'

/** `device` and `whom` count devices and people from 0; person 0 owns everything and is never removed. Who is expelled is out of the community with all of its channels. A fault ends by itself after `forMs`. */
export type Deed =
  | {
      readonly do: 'send'
      readonly device: number
      readonly channel: number
      readonly count: number
    }
  /** Changes the device's own message that is so far from its latest. */
  | {
      readonly do: 'edit' | 'delete'
      readonly device: number
      readonly channel: number
      readonly back: number
    }
  | {
      readonly do: 'join' | 'leave' | 'open' | 'close' | 'read'
      readonly device: number
      readonly channel: number
    }
  | {
      readonly do: 'kick' | 'ban' | 'unban' | 'invite' | 'expel' | 'admit'
      readonly node: number
      readonly whom: number
      readonly channel: number
    }
  /** The connection breaks; the device comes back after so long, to whichever node. */
  | { readonly do: 'break'; readonly device: number; readonly forMs: number }
  /** The process ends without a word, and another takes its place. */
  | { readonly do: 'crash'; readonly node: number; readonly forMs: number }
  /** The process is asked to go, and another takes its place. */
  | { readonly do: 'drain'; readonly node: number; readonly forMs: number }
  /** The broker is away for one node, which is told; what it publishes meanwhile is lost, and nobody else is told. */
  | { readonly do: 'part'; readonly node: number; readonly forMs: number }
  /** One node gets no frame, and is not told. */
  | { readonly do: 'deafen'; readonly node: number; readonly forMs: number }
  /** One node gets no frame, and is told afterwards, though the broker was there all the time. */
  | { readonly do: 'skip'; readonly node: number; readonly forMs: number }
  /** The broker is away for all nodes, and all are told. */
  | { readonly do: 'cut'; readonly forMs: number }
  /** The store refuses every call of one node. */
  | { readonly do: 'bar'; readonly node: number; readonly forMs: number }
  /** The store does what one node asks, and the answer is lost. */
  | { readonly do: 'mute'; readonly node: number; readonly forMs: number }

export type Step = Deed & { readonly at: number }

export interface Story {
  readonly seed: number
  readonly weather: Weather
  readonly nodes: number
  readonly people: number
  readonly rates: FaultRates
  /** Whether feeds have room for a few events only, so that every bound is reached. */
  readonly narrow: boolean
  readonly steps: readonly Step[]
}

/** When the first step may happen, by the run's clock: everybody is connected by then. */
export const BEGINS_AT_MS = 1_000_200

/** How long things happen, in ms; then all that can heal heals. */
export const EVENTFUL_MS = 12_000

export const CHANNELS = 2

/** The devices of a story: two of its owner, one of everybody else. Every other one is a stock client. */
export const devicesOf = ({ people }: Pick<Story, 'people'>): number => people + 1
export const personOf = (device: number): number => Math.max(0, device - 1)

const LEADS = [
  'kick',
  'kick',
  'ban',
  'unban',
  'invite',
  'invite',
  'expel',
  'admit',
  'admit',
] as const

type Dice = (below: number) => number

/** `only`: the weather, where it is not the seed's to choose. */
export function newStory(seed: number, only?: Weather): Story {
  const random = seededRandom(seed)
  const dice: Dice = (below) => Math.floor(random() * below)
  const chosen = oneOf<Weather>(dice, ['untold', 'untold', 'untold', 'told', 'away', 'none'])
  const weather = only ?? chosen
  const nodes = 2 + dice(weather === 'none' ? 2 : 4)
  const people = 3 + dice(3)
  const narrow = dice(2) === 0
  const rate = () => (dice(3) === 0 ? 0.05 + random() * 0.4 : 0)
  const rates = {
    drop: weather === 'untold' ? rate() : 0,
    duplicate: rate(),
    delay: rate(),
    reorder: rate(),
  }
  const made = Array.from({ length: 25 + dice(40) }, () => ({
    ...deed(dice, weather, nodes, people),
    at: dice(EVENTFUL_MS),
  }))
  const outage = { do: 'cut', forMs: Number.MAX_SAFE_INTEGER, at: dice(3_000) } as const
  const steps: Step[] = weather === 'away' ? [...made, outage] : made
  return { seed, weather, nodes, people, rates, narrow, steps: steps.sort((a, b) => a.at - b.at) }
}

function oneOf<T>(dice: Dice, things: readonly T[]): T {
  const thing = things[dice(things.length)]
  if (thing === undefined) throw new Error('there is nothing to choose from')
  return thing
}

function deed(dice: Dice, weather: Weather, nodes: number, people: number): Deed {
  const chance = dice(100)
  const device = dice(devicesOf({ people }))
  const channel = dice(4) === 0 ? 1 : 0
  const node = dice(nodes)
  if (chance < 38) return { do: 'send', device, channel, count: 1 + dice(4) }
  if (chance < 53) {
    return { do: dice(5) < 2 ? 'delete' : 'edit', device, channel, back: dice(4) }
  }
  if (chance < 62) {
    return { do: oneOf(dice, ['join', 'leave', 'open', 'close', 'read']), device, channel }
  }
  if (chance < 74) {
    const whom = 1 + dice(people - 1)
    const does = oneOf(dice, LEADS)
    return { do: does, node, whom, channel }
  }
  if (chance < 84) return { do: 'break', device, forMs: dice(2_000) }
  return fault(dice, weather, node)
}

/** In weather that is told, nothing happens that only the next comparison of heads could find: it is calm sooner. */
function fault(dice: Dice, weather: Weather, node: number): Deed {
  const rough = weather === 'untold'
  const forMs = 100 + dice(rough ? 4_000 : 1_200)
  if (rough) {
    return {
      do: oneOf(dice, ['crash', 'drain', 'part', 'deafen', 'skip', 'cut', 'bar', 'mute'] as const),
      node,
      forMs,
    }
  }
  if (weather === 'told')
    return { do: oneOf(dice, ['drain', 'cut', 'bar', 'skip', 'skip'] as const), node, forMs }
  return { do: oneOf(dice, ['crash', 'drain', 'bar', 'mute'] as const), node, forMs }
}
