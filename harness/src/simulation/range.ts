/** Runs seeds one after the other, and counts what happened in them. */
import type { Weather } from '@madang/server/simulation'
import { type Outcome, type SimulateParts, simulate } from './simulate.ts'
import { newStory, type Size } from './story.ts'

export interface Range {
  readonly from: number
  readonly seeds: number
  readonly size: Size
  readonly weather?: Weather | undefined
  /** Whether further seeds are run after one that breaks a promise. */
  readonly goesOn?: boolean | undefined
}

/** Sums of what happened, by name; a run in which nothing happens proves nothing. */
export type Sums = Record<string, number>

export interface RangeReport {
  readonly sums: Sums
  /** By weather, in ms: how long an event took at most to somebody who was connected. */
  readonly longestMs: Partial<Record<Weather, number>>
  /** The seeds that break a promise, ascending. */
  readonly broken: readonly number[]
}

export async function runRange(range: Range, parts: () => SimulateParts): Promise<RangeReport> {
  const sums: Sums = {}
  const longestMs: RangeReport['longestMs'] = {}
  const broken: number[] = []
  for (let seed = range.from; seed < range.from + range.seeds; seed++) {
    const outcome = await simulate(newStory(seed, range), parts())
    count(sums, outcome)
    const { weather } = outcome.story
    longestMs[weather] = Math.max(longestMs[weather] ?? 0, Math.round(outcome.delayMsMax))
    if (outcome.violations.length > 0) broken.push(seed)
    if (broken.length > 0 && range.goesOn !== true) break
  }
  return { sums, longestMs, broken }
}

function count(sums: Sums, { story, entries }: Outcome): void {
  const add = (what: string) => {
    sums[what] = (sums[what] ?? 0) + 1
  }
  add('seeds')
  for (const { do: what } of story.steps) {
    if (what === 'reload' || what === 'crash' || what === 'drain') add(what)
  }
  for (const entry of entries) {
    const { what } = entry
    if (what === 'committed' || what === 'gone' || what === 'digest') add(what)
    else if (what === 'acknowledged' || what === 'refused' || what === 'behind') add(what)
    else if (what === 'live') add('delivered')
    else if (what === 'opened' && entry.limited) add('latest page')
    else if (what === 'opened' && entry.events.length > 0) add('resumed')
  }
}

export function addReports(one: RangeReport, other: RangeReport): RangeReport {
  return {
    sums: merged(one.sums, other.sums, (a, b) => a + b),
    longestMs: merged(one.longestMs, other.longestMs, Math.max),
    broken: [...one.broken, ...other.broken].sort((a, b) => a - b),
  }
}

function merged(one: Sums, other: Sums, join: (a: number, b: number) => number): Sums {
  const all = { ...one }
  for (const [name, value] of Object.entries(other)) {
    const known = all[name]
    all[name] = known === undefined ? value : join(known, value)
  }
  return all
}
