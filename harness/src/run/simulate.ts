/** Stories of several nodes in one process, one seed after another, until the first that breaks a promise. */
import { MUTANTS, newStory, type Outcome, shrink, simulate, tell } from '@madang/server/testing'

export interface SimulateOptions {
  readonly from: number
  readonly seeds: number
  /** The name of a mistake to make, for whoever wants to see it found. */
  readonly mutant?: string
  readonly progress: (line: string) => void
}

export interface SimulateReport {
  readonly seeds: number
  readonly committed: number
  readonly delivered: number
  /** By weather, in ms. */
  readonly longestDelays: Readonly<Record<string, number>>
  /** The smallest story that shows what went wrong first. */
  readonly broken: { readonly seed: number; readonly lines: readonly string[] } | undefined
}

export const mutants = Object.keys(MUTANTS)

/** Seeds between two lines of progress. */
const PROGRESS_SEEDS = 100

export async function simulateSeeds(options: SimulateOptions): Promise<SimulateReport> {
  const { from, seeds, mutant, progress } = options
  const mistake = mutant === undefined ? undefined : MUTANTS[mutant]
  const seams = mistake?.seams ?? (() => ({}))
  const sum = { seeds: 0, committed: 0, delivered: 0 }
  const longest = new Map<string, number>()
  for (let seed = from; seed < from + seeds; seed++) {
    const outcome = await simulate(newStory(seed, mistake?.weather), seams())
    add(sum, longest, outcome)
    if (outcome.violations.length > 0) {
      progress(`seed ${seed} breaks a promise; looking for the smallest story that does`)
      const lines = tell(await shrink(outcome.story, { seams }))
      return { ...sum, longestDelays: Object.fromEntries(longest), broken: { seed, lines } }
    }
    if (sum.seeds % PROGRESS_SEEDS === 0) progress(`${sum.seeds} of ${seeds} seeds, none broken`)
  }
  return { ...sum, longestDelays: Object.fromEntries(longest), broken: undefined }
}

function add(
  sum: { seeds: number; committed: number; delivered: number },
  longest: Map<string, number>,
  { story, committed, delivered, delayMsMax }: Outcome,
): void {
  sum.seeds += 1
  sum.committed += committed
  sum.delivered += delivered
  longest.set(story.weather, Math.round(Math.max(delayMsMax, longest.get(story.weather) ?? 0)))
}
