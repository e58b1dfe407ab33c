/**
 * Bytes through the brokers, for every candidate: the seed's experiment, and how a message's price grows with servers that have nobody, with the broker's
 * nodes, and with rooms. Bytes do not depend on how fast the machine is; where it is slow, the stretches are longer and so is the idle that is taken off.
 */
import { type Candidate, labelOf, OURS, STOCK } from './candidates.ts'
import { GROUND_SIZE } from './ground.ts'
import { Stage, type Stretch } from './stage.ts'

/** Candidates at the same time. */
const LANES = 3

export interface ComparisonPlan {
  readonly candidates: readonly Candidate[]
  /** Compared over the cluster sizes, too. */
  readonly sized: readonly Candidate[]
  readonly servers: number
  readonly people: number
  readonly messagesEach: number
  /** In the stretches that show how the price grows. */
  readonly growthMessagesEach: number
  /** Servers without anybody that are added. */
  readonly emptyServers: number
  readonly rooms: number
  /** Masters of a cluster without replicas, or partitions. */
  readonly sizes: readonly number[]
  /** For the sizes fewer people say more: connecting takes longer than talking. */
  readonly sizedPeople: number
  readonly sizedMessagesEach: number
  /** Of our adapter, where it is not to be the default. */
  readonly heartbeatMs?: number
}

export const FULL: ComparisonPlan = {
  candidates: [...STOCK, ...OURS],
  sized: [...STOCK, ...OURS].filter(({ ground }) => /cluster|partitions/.test(ground)),
  servers: 3,
  people: 150,
  messagesEach: 3,
  growthMessagesEach: 1,
  emptyServers: 3,
  rooms: 30,
  sizes: [1, 3, 6],
  sizedPeople: 30,
  sizedMessagesEach: 15,
}

/** For a test: the stock adapter and ours over one Redis. */
export const QUICK: ComparisonPlan = {
  candidates: [STOCK, OURS].flatMap((list) => list.slice(0, 1)),
  sized: [],
  servers: 2,
  people: 12,
  messagesEach: 5,
  growthMessagesEach: 5,
  emptyServers: 1,
  rooms: 3,
  sizes: [],
  sizedPeople: 0,
  sizedMessagesEach: 0,
  // A beat in one stretch and none in the other would hide what an exact nothing is.
  heartbeatMs: 3_600_000,
}

export interface Row {
  readonly candidate: Candidate
  /** The seed's experiment. */
  readonly base: Stretch
  /** The same people in many rooms. */
  readonly rooms: Stretch
  /** In one room again, beside servers that have nobody. */
  readonly beside: Stretch
}

export interface SizedRow {
  readonly candidate: Candidate
  /** In the order of the plan's sizes. */
  readonly stretches: readonly Stretch[]
}

export interface Comparison {
  readonly plan: ComparisonPlan
  readonly rows: readonly Row[]
  readonly sized: readonly SizedRow[]
}

/** `progress` gets one line for each thing that begins. */
export async function compare(
  plan: ComparisonPlan,
  progress: (line: string) => void,
): Promise<Comparison> {
  const rows = await inLanes(plan.candidates, (candidate) => {
    progress(labelOf(candidate))
    return rowOf(candidate, plan)
  })
  const sized = await inLanes(plan.sized, (candidate) => {
    progress(`${labelOf(candidate)}, over ${plan.sizes.join(', ')} nodes`)
    return sizedRowOf(candidate, plan)
  })
  return { plan, rows, sized }
}

/** In the order of the items, some of them at the same time: most of a row is waiting, and bytes do not depend on speed. */
async function inLanes<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const waiting = [...items.entries()]
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      results[next[0]] = await work(next[1])
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return results
}

async function rowOf(candidate: Candidate, plan: ComparisonPlan): Promise<Row> {
  const stage = await Stage.open(candidate, { ...plan, size: GROUND_SIZE })
  try {
    const base = await stage.run(plan.messagesEach)
    await stage.moveInto(plan.rooms)
    const rooms = await stage.run(plan.growthMessagesEach)
    await stage.addServers(plan.emptyServers)
    await stage.moveInto(1)
    return { candidate, base, rooms, beside: await stage.run(plan.growthMessagesEach) }
  } finally {
    await stage.close()
  }
}

/** The sizes run side by side: they share nothing but the machine. */
async function sizedRowOf(candidate: Candidate, plan: ComparisonPlan): Promise<SizedRow> {
  const stretches = await Promise.all(
    plan.sizes.map(async (masters) => {
      const size = { masters, replicasEach: 0 }
      const stage = await Stage.open(candidate, {
        servers: plan.servers,
        people: plan.sizedPeople,
        size,
      })
      try {
        return await stage.run(plan.sizedMessagesEach)
      } finally {
        await stage.close()
      }
    }),
  )
  return { candidate, stretches }
}

/** Bytes of a stretch without what flows anyway. */
export interface Net {
  readonly in: number
  readonly out: number
  readonly bus: number
  readonly all: number
  readonly perMessage: number
  /** What servers without anybody got and said. */
  readonly empty: number
}

/** Where the machine cannot see the bus, `bus` and what it is part of are NaN. */
export function netOf({ talk, idle, messages }: Stretch): Net {
  const into = talk.in - idle.in
  const out = talk.out - idle.out
  const bus = (talk.bus ?? Number.NaN) - (idle.bus ?? Number.NaN)
  const all = into + out + bus
  return { in: into, out, bus, all, perMessage: all / messages, empty: talk.empty - idle.empty }
}

export const idleOf = ({ idle }: Stretch): number => idle.in + idle.out + (idle.bus ?? Number.NaN)

/** 'all', or how much of what was due arrived, came twice, or went astray. */
export function deliveryOf(stretches: readonly Stretch[]): string {
  const sum = (of: (one: Stretch) => number): number =>
    stretches.reduce((total, one) => total + of(one), 0)
  const expected = sum(({ delivered }) => delivered.expected)
  const arrived = sum(({ delivered }) => delivered.arrived)
  const doubled = sum(({ delivered }) => delivered.doubled)
  const strayed = sum(({ delivered }) => delivered.strayed)
  const faults = [
    ...(arrived === expected ? [] : [`${expected - arrived} of ${expected} missing`]),
    ...(doubled === 0 ? [] : [`${doubled} twice`]),
    ...(strayed === 0 ? [] : [`${strayed} astray`]),
  ]
  return faults.length === 0 ? 'all' : faults.join(', ')
}
