/** What happens in one simulated run, decided by its seed before anything runs: who does what when, and which faults strike. */
import { type FaultRates, seededRandom } from '@madang/fanout/testing'
import type { PlaceKind, Weather } from '@madang/server/simulation'
import { companion, type Deed, deed } from './deeds.ts'
import { oneOf, type Roll } from './roll.ts'

export type Step = Deed & { readonly at: number }

/** `small`: a few people for some seconds, so that hundreds of thousands of seeds can be run. `large`: all kinds of channels, up to five nodes, every bound. */
export type Size = 'small' | 'large'

export interface DevicePlan {
  /** Counted from 0; person 0 owns everything and is never removed. */
  readonly person: number
  /** Our client, or a stock one that begins anew with each connection. */
  readonly kind: 'ours' | 'stock'
}

export interface Story {
  readonly seed: number
  readonly size: Size
  readonly weather: Weather
  readonly nodes: number
  readonly people: number
  readonly devices: readonly DevicePlan[]
  readonly places: readonly PlaceKind[]
  readonly rates: FaultRates
  /** Whether feeds have room for a few events only, so that every bound is reached. */
  readonly narrow: boolean
  /** How long whatever is said between a client and its node takes at most, each way, in ms; 0: no time. */
  readonly lagMsMax: number
  /** How long a client's storage takes at most, in ms; 0: no time. */
  readonly storageMsMax: number
  /** How long things happen, in ms; then all that can heal heals. */
  readonly eventfulMs: number
  readonly steps: readonly Step[]
}

/** When the first step may happen, by the run's clock: everybody is connected by then. */
export const BEGINS_AT_MS = 1_000_600

export interface StoryOptions {
  readonly size?: Size
  /** Where it is not the seed's to choose. */
  readonly weather?: Weather | undefined
}

const WEATHERS: readonly Weather[] = ['untold', 'untold', 'untold', 'told', 'away', 'none']
const PLACES: readonly PlaceKind[] = ['half', 'private', 'live', 'direct']

export function newStory(seed: number, { size = 'small', weather }: StoryOptions = {}): Story {
  const random = seededRandom(seed)
  const roll: Roll = (below) => Math.floor(random() * below)
  const chosen = oneOf(roll, WEATHERS)
  const cast = size === 'small' ? smallCast(roll) : largeCast(roll)
  const conditions = { weather: weather ?? chosen, ...cast }
  const rate = () => (roll(3) === 0 ? 0.05 + random() * 0.4 : 0)
  const lossy = conditions.weather === 'untold'
  const rates = { drop: lossy ? rate() : 0, duplicate: rate(), delay: rate(), reorder: rate() }
  const story = {
    ...{ seed, size, rates, ...conditions },
    narrow: roll(2) === 0,
    lagMsMax: roll(2) * (1 + roll(80)),
    storageMsMax: roll(3) === 0 ? 30 : 0,
  }
  const count = size === 'small' ? 5 + roll(8) : 25 + roll(40)
  const made = Array.from({ length: count }, () => ({
    ...deed(roll, story),
    at: roll(story.eventfulMs),
  }))
  const outage = { do: 'cut', forMs: Number.MAX_SAFE_INTEGER, at: roll(3_000) } as const
  const more = made.flatMap((step) => (roll(2) === 0 ? (companion(roll, step, story) ?? []) : []))
  const steps: Step[] = [...made, ...more, ...(story.weather === 'away' ? [outage] : [])]
  return { ...story, steps: steps.sort((a, b) => a.at - b.at) }
}

type Cast = Pick<Story, 'nodes' | 'people' | 'devices' | 'places' | 'eventfulMs'>

/** Two or three people with two or three devices in all. */
function smallCast(roll: Roll): Cast {
  const people = 2 + roll(2)
  const last = { person: people - 1, kind: roll(3) === 0 ? 'stock' : 'ours' } as const
  return {
    ...{ nodes: 2 + (roll(4) === 0 ? 1 : 0), people, eventfulMs: 4_000 },
    devices: [{ person: 0, kind: 'ours' }, { person: 1, kind: 'ours' }, last],
    places: ['open', oneOf(roll, PLACES)],
  }
}

/** Two devices of the owner, one or two of everybody else. */
function largeCast(roll: Roll): Cast {
  const people = 3 + roll(3)
  const devices: DevicePlan[] = [{ person: 0, kind: 'ours' }]
  for (let person = 0; person < people; person++) {
    devices.push({ person, kind: roll(3) === 0 ? 'stock' : 'ours' })
    if (person > 0 && roll(3) === 0) devices.push({ person, kind: 'ours' })
  }
  const places: readonly PlaceKind[] = ['open', ...PLACES]
  return { nodes: 2 + roll(4), people, eventfulMs: 12_000, devices, places }
}
