/** Finds what of a story is needed for what went wrong in it: a story of a few steps tells more than one of sixty. */
import { type Outcome, type SimulateParts, simulate } from './simulate.ts'
import type { Step, Story } from './story.ts'

export interface ShrinkOptions {
  /** Made anew for each run. */
  readonly parts: () => SimulateParts
  /** Runs at most. */
  readonly runsMax?: number
}

/**
 * A smaller story that breaks an invariant which the given one breaks as well: fewer steps, then fewer nodes, less noise and more room. Of a story that breaks
 * none the outcome is its own.
 */
export async function shrink(story: Story, options: ShrinkOptions): Promise<Outcome> {
  const { parts, runsMax = 400 } = options
  let best = await simulate(story, parts())
  const broken = new Set(best.violations.map(({ invariant }) => invariant))
  let runs = 0
  const tries = async (smaller: Story): Promise<boolean> => {
    if (broken.size === 0 || ++runs > runsMax) return false
    const outcome = await simulate(smaller, parts())
    const same = outcome.violations.some(({ invariant }) => broken.has(invariant))
    if (same) best = outcome
    return same
  }
  for (const simpler of simplerThan(story)) await tries({ ...best.story, ...simpler })
  await shrinkSteps(() => best.story, tries)
  for (const simpler of simplerThan(story)) await tries({ ...best.story, ...simpler })
  return best
}

function simplerThan({ nodes, rates }: Story): Partial<Story>[] {
  const calmer = Object.keys(rates).map((name) => ({ rates: { ...rates, [name]: 0 } }))
  const fewer = nodes > 2 ? [{ nodes: 2 }] : []
  const quick = [{ lagMsMax: 0 }, { storageMsMax: 0 }]
  return [{ rates: {} }, { narrow: false }, ...quick, ...fewer, ...calmer]
}

/** Leaves out ever smaller runs of steps, as long as that goes on. */
async function shrinkSteps(
  best: () => Story,
  tries: (smaller: Story) => Promise<boolean>,
): Promise<void> {
  for (let size = Math.ceil(best().steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    let at = 0
    while (at < best().steps.length) {
      const steps: Step[] = [...best().steps]
      steps.splice(at, size)
      if (!(await tries({ ...best(), steps }))) at += size
    }
  }
}
