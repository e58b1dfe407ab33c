/** Runs one story to its end, and judges it. */
import type { Seams, Weather } from '@madang/server/simulation'
import type { Entry } from './history.ts'
import { Judge, type Report, type Violation } from './judge.ts'
import { judgePlaces, judgeStock } from './judge-end.ts'
import { judgeOurs } from './judge-ours.ts'
import type { CreateClient } from './ours.ts'
import { StockDevice } from './stock.ts'
import { BEGINS_AT_MS, type Story } from './story.ts'
import { Truth } from './truth.ts'
import { World } from './world.ts'

export interface SimulateParts {
  readonly createClient: CreateClient
  readonly seams?: Seams
}

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
 * How long an event takes at most to a connected device once it is calm, in ms. Untold: what is lost shows at the next comparison of heads, within 12 s. Else it is
 * told, or heads are compared every second anyhow.
 */
const DELAY_MS: Readonly<Record<Weather, number>> = {
  untold: 20_000,
  told: 5_000,
  away: 6_000,
  none: 6_000,
}

/** How long everything takes at most to come to rest, in ms: everybody's places are compared with the store within 54 s. */
const REST_MS_MAX = 60_000
/** Looked at this often, in ms; then it has to stay so for a while. */
const LOOK_MS = 500
const STAYS_MS = 1_500
/** Pages of history that a device reads back at the end. */
const PAGES_MAX = 12

export async function simulate(story: Story, parts: SimulateParts): Promise<Outcome> {
  const world = new World(story, { seams: {}, ...parts })
  const { clock, history } = world
  await world.begin()
  for (const step of story.steps) {
    const dueAt = step.at + BEGINS_AT_MS
    if (dueAt > clock.monotonic()) await clock.run(dueAt - clock.monotonic())
    world.perform(step)
  }
  await clock.run(Math.max(0, endOf(story) + BEGINS_AT_MS - clock.monotonic()))
  world.calm()
  await comeToRest(world)
  const watched = world.place.channels.filter((_, at) => story.places[at] === 'live')
  const judge = new Judge(new Truth(new Set(watched)), DELAY_MS[story.weather])
  judge.read(history)
  const rest = await judgeRest(world, judge.truth)
  await world.end()
  const { entries } = history
  return {
    story,
    violations: [...judge.violations, ...rest, ...errorsOf(world)],
    committed: entries.filter(({ what }) => what === 'committed').length,
    delivered: entries.filter(({ what }) => what === 'live').length,
    delayMsMax: judge.delayMs,
    entries,
  }
}

/** When it may be calm, in ms after the beginning: nobody has lost patience before a long fault is over. */
function endOf({ eventfulMs, steps }: Story): number {
  const ends = steps.map((step) => (step.do === 'hang' ? step.at + step.forMs : 0))
  return Math.max(eventfulMs, ...ends)
}

/** Until nothing is wrong any more, or what is wrong has had its time. */
async function comeToRest(world: World): Promise<void> {
  const { clock } = world
  const calmAt = clock.monotonic()
  for (const device of world.devices) if (!(device instanceof StockDevice)) device.showSent()
  for (;;) {
    await clock.run(LOOK_MS)
    const waits = world.devices.map((one) => (one instanceof StockDevice ? 0 : one.waitsUntil))
    const until = Math.max(calmAt, ...waits) + REST_MS_MAX
    if (clock.monotonic() >= until) break
    if (!(await isAtRest(world))) continue
    await clock.run(STAYS_MS)
    if (await isAtRest(world)) break
  }
  await readBack(world)
}

/** Everything older, page by page. */
async function readBack({ devices, clock }: World): Promise<void> {
  for (let page = 0; page < PAGES_MAX; page++) {
    const handles = devices
      .flatMap((one) => (one instanceof StockDevice ? [] : [...one.handles.values()]))
      .filter((handle) => handle.snapshot().more)
    if (handles.length === 0) return
    for (const handle of handles) void handle.loadOlder()
    await clock.run(300)
  }
}

async function isAtRest(world: World): Promise<boolean> {
  const watched = world.place.channels.filter((_, at) => world.story.places[at] === 'live')
  const truth = new Truth(new Set(watched))
  for (const entry of world.history.entries) {
    if (entry.what === 'committed') truth.commit(entry.event)
  }
  return (await judgeRest(world, truth)).length === 0
}

async function judgeRest(world: World, truth: Truth): Promise<Violation[]> {
  const violations: Violation[] = []
  const at = world.clock.monotonic()
  const report: Report = (invariant, text) => violations.push({ invariant, text, at })
  const places = await world.vault.belongings(world.people)
  // Where notices are lost and nobody knows it, only a look at the store that is rarer than the story is long tells of new places.
  const isTold = world.story.weather !== 'untold'
  for (const device of world.devices) {
    const own = places.find(({ personId }) => personId === device.personId)
    if (own === undefined) continue
    const knows = isTold && own.communities.length > 0
    const hears = knows && hearsAll(world.story)
    if (device instanceof StockDevice) judgeStock(device, truth, knows, report)
    else judgeOurs(device, { truth, places: own, knows, hears, report })
  }
  for (const each of places) judgePlaces(each, truth, report)
  return violations
}

/** Whether no note between nodes can have been lost. */
function hearsAll({ weather, steps }: Story): boolean {
  return weather === 'told' && !steps.some(({ do: what }) => what === 'cut' || what === 'skip')
}

function errorsOf({ errors, clock }: World): Violation[] {
  return errors.map((text) => ({ invariant: 'error', text, at: clock.monotonic() }))
}
