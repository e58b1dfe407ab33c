/** From rows of a target to what operators are shown: hours with their counts, and samples of nodes. */
import type { HourCounts, NodeSample, Stats } from '@madang/protocol'
import type { StatRow, StatsStore } from '../store/stats.ts'
import { sampleMs } from './sample-sums.ts'

const hourMs = 3_600_000
/** Up to so long a time is shown by five minutes, a longer one by the hour, in ms. */
const fineMsMax = 6 * hourMs
/** 30 days of some twenty names by the hour, and of the samples of a hundred nodes' day. */
const rowsMax = 20_000

const SAMPLES = ['cpu', 'lagP99Ms', 'residentBytes', 'connections'] as const

export async function readStats(store: StatsStore, from: number, to: number): Promise<Stats> {
  const range = { from, to, limit: rowsMax }
  const counts = await store.stats({
    ...{ ...range, from: from - (from % hourMs) },
    ...{ stepMs: hourMs, as: 'sum', names: ['messages.', 'events.'] },
  })
  const stepMs = to - from <= fineMsMax ? sampleMs : hourMs
  const samples = await store.stats({ ...range, stepMs, as: 'average', names: SAMPLES })
  return { from, to, hours: hoursOf(counts), samples: samplesOf(samples) }
}

function hoursOf(rows: readonly StatRow[]): HourCounts[] {
  const hours = new Map<
    number,
    { messages: Record<string, number>; events: Record<string, number> }
  >()
  for (const { at, name, value } of rows) {
    const hour = hours.get(at) ?? { messages: {}, events: {} }
    hours.set(at, hour)
    const [group, kind = ''] = name.split('.')
    if (group === 'messages') hour.messages[kind] = value
    else if (group === 'events') hour.events[kind] = value
  }
  return [...hours].map(([at, counts]) => ({ at, ...counts }))
}

function samplesOf(rows: readonly StatRow[]): NodeSample[] {
  const samples = new Map<string, { -readonly [K in keyof NodeSample]: NodeSample[K] }>()
  for (const { at, node, name, value } of rows) {
    const key = `${at} ${node}`
    const empty = { at, node, cpu: 0, lagP99Ms: 0, residentBytes: 0, connections: 0 }
    const sample = samples.get(key) ?? empty
    samples.set(key, sample)
    const known = SAMPLES.find((each) => each === name)
    if (known !== undefined) sample[known] = value
  }
  return [...samples.values()]
}
