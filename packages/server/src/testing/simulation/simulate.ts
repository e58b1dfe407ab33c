/** Runs one story to its end, and judges it. */
import type { Entry } from './history.ts'
import { Judge, type Violation } from './judge.ts'
import { judgeEnd, judgePlaces } from './judge-end.ts'
import type { Seams } from './node.ts'
import { BEGINS_AT_MS, EVENTFUL_MS, type Story, type Weather } from './story.ts'
import { World } from './world.ts'

export interface Outcome {
  readonly story: Story
  readonly violations: readonly Violation[]
  /** Events that were committed, and that devices were sent. */
  readonly committed: number
  readonly delivered: number
  /** How long a committed event took to reach a connected device at most, in ms. */
  readonly delayMsMax: number
  /** What happened, in its order. */
  readonly entries: readonly Entry[]
}

/**
 * How long it takes at most, in ms, until everybody has everything. Untold: what is lost shows at the next comparison of heads, within 12 s. Else it is told,
 * or heads are compared every second anyhow.
 */
const CALM_MS: Readonly<Record<Weather, number>> = {
  untold: 20_000,
  told: 5_000,
  away: 6_000,
  none: 6_000,
}

export async function simulate(story: Story, seams: Seams = {}): Promise<Outcome> {
  const world = new World(story, seams)
  await world.begin()
  for (const step of story.steps) {
    const { clock } = world
    const dueAt = step.at + BEGINS_AT_MS
    if (dueAt > clock.monotonic()) await clock.run(dueAt - clock.monotonic())
    world.perform(step)
  }
  await world.clock.run(Math.max(0, EVENTFUL_MS + BEGINS_AT_MS - world.clock.monotonic()))
  world.calm()
  await world.clock.run(CALM_MS[story.weather])
  const judge = new Judge()
  judge.read(world.history)
  const violations = [...judge.violations, ...(await judgeRest(world, judge))]
  await world.end()
  const { entries } = world.history
  return {
    story,
    violations: [...violations, ...errorsOf(world)],
    committed: entries.filter(({ what }) => what === 'committed').length,
    delivered: entries.filter(({ what }) => what === 'live').length,
    delayMsMax: longestDelay(entries),
    entries,
  }
}

async function judgeRest(world: World, { truth }: Judge): Promise<Violation[]> {
  const violations: Violation[] = []
  const at = world.clock.monotonic()
  const report = (invariant: string, text: string) => violations.push({ invariant, text, at })
  const places = await world.vault.belongings(world.people)
  const inside = new Set(
    places.flatMap(({ personId, communities }) => (communities.length > 0 ? personId : [])),
  )
  // Where notices are lost and nobody knows it, only a look at the store that is rarer than the story is long tells of new places.
  const isTold = world.story.weather !== 'untold'
  for (const device of world.devices) {
    judgeEnd(device, truth, isTold && inside.has(device.personId), report)
  }
  for (const each of places) judgePlaces(each, truth, report)
  return violations
}

function errorsOf({ errors, clock }: World): Violation[] {
  return errors.map((text) => ({ invariant: 'error', text, at: clock.monotonic() }))
}

function longestDelay(entries: readonly Entry[]): number {
  const committedAt = new Map<string, number>()
  let longest = 0
  for (const entry of entries) {
    if (entry.what === 'committed') committedAt.set(entry.event.id, entry.at)
    if (entry.what !== 'live') continue
    longest = Math.max(longest, entry.at - (committedAt.get(entry.event.id) ?? entry.at))
  }
  return longest
}
