/** `npm run faults -- simulate`: stories of several nodes and clients in one process, until the first that breaks a promise. */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { type CrewReport, runCrew } from '../simulation/crew.ts'
import { MUTANTS, partsOf } from '../simulation/parts.ts'
import { shrink } from '../simulation/shrink.ts'
import { newStory, type Size } from '../simulation/story.ts'
import { tell } from '../simulation/telling.ts'

export interface SimulateOptions {
  readonly from: number
  readonly seeds: number
  readonly size: Size
  /** Threads. */
  readonly jobs: number
  /** The name of a mistake to make, for whoever wants to see it found. */
  readonly mutant?: string | undefined
  /** Whether further seeds are run after one that breaks a promise. */
  readonly goesOn?: boolean | undefined
  readonly progress: (line: string) => void
}

export interface SimulateReport extends CrewReport {
  /** The smallest story that shows what went wrong in the first seed that is broken. */
  readonly lines: readonly string[]
}

/** The longest time between two lines of progress, in ms. */
const PROGRESS_MS = 5_000

export async function simulateSeeds(options: SimulateOptions): Promise<SimulateReport> {
  const { seeds, size, mutant, progress } = options
  const weather = mutant === undefined ? undefined : MUTANTS[mutant]?.weather
  const startedAt = performance.now()
  let toldAt = startedAt
  const done = (count: number) => {
    const now = performance.now()
    if (now - toldAt < PROGRESS_MS && count < seeds) return
    toldAt = now
    const rate = (count / (now - startedAt)) * 1_000
    progress(`${count} of ${seeds} seeds, ${rate.toFixed(0)} a second`)
  }
  const report = await runCrew({ ...options, weather, progress: done })
  const [broken] = report.broken
  if (broken === undefined) return { ...report, lines: [] }
  progress(`seed ${broken} breaks a promise; looking for the smallest story that does`)
  const parts = await partsOf(mutant)
  const small = await shrink(newStory(broken, { size, weather }), { parts })
  return { ...report, lines: tell(small) }
}

const HELP = `Usage: npm run faults -- simulate [flags]

Stories of two to five nodes and of our clients in this process, each decided by its seed: frames
and answers are lost, late and doubled, nodes crash and are cut off, pages are loaded anew, people
come, go and are put out. The first that breaks a promise is made small, and told.

  --seeds N      how many (1000)
  --seed S       the first one (1)
  --size SIZE    small or large stories (small)
  --jobs N       threads (one per core)
  --keep-going   run the other seeds too after one that breaks a promise
  --mutant NAME  nodes or clients with something wrong: "list" says which
  --help         this text

Exit code 0: no violation. 1: a violation, or nothing happened. 2: not understood.`

/** Returns the exit code. */
export async function simulateCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      size: { type: 'string', default: 'small' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      mutant: { type: 'string' },
      'keep-going': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { mutant } = values
  if (values.help) return write([HELP])
  if (mutant === 'list') return write(Object.keys(MUTANTS))
  if (mutant !== undefined && !(mutant in MUTANTS)) return no(`there is no mutant "${mutant}"`)
  const size = (['small', 'large'] as const).find((one) => one === values.size)
  if (size === undefined) return no(`there is no size "${values.size}"`)
  const [from, seeds, jobs] = [Number(values.seed), Number(values.seeds), Number(values.jobs)]
  if (![from, seeds, jobs].every((count) => Number.isInteger(count) && count > 0)) {
    return no('--seed, --seeds and --jobs are whole numbers from 1 on')
  }
  const progress = (line: string) => void process.stderr.write(`${line}\n`)
  const goesOn = values['keep-going']
  const report = await simulateSeeds({ from, seeds, size, jobs, mutant, goesOn, progress })
  write([...report.lines, ...factsOf(report)])
  const { sums } = report
  const [broken] = report.broken
  if (broken === undefined) return (sums.delivered ?? 0) > 0 ? 0 : 1
  const again = mutant === undefined ? '' : ` --mutant "${mutant}"`
  write([`Again: npm run faults -- simulate --size ${size} --seeds 1 --seed ${broken}${again}`])
  return 1
}

function factsOf({ sums, longestMs, broken, cpuMs, wallMs }: CrewReport): string[] {
  const seeds = sums.seeds ?? 0
  const facts: readonly (readonly [string, string | number])[] = [
    ...Object.entries(sums),
    ...Object.entries(longestMs).map(([weather, ms]) => [`longest, ${weather}, ms`, ms] as const),
    ['seeds a second', ((seeds / wallMs) * 1_000).toFixed(0)],
    ['CPU a seed, ms', (cpuMs / seeds).toFixed(1)],
    ['seconds', (wallMs / 1_000).toFixed(1)],
    ['broken', broken.length === 0 ? 'none' : `${broken.length}: ${broken.join(' ')}`],
  ]
  return facts.map(([what, value]) => `${what.padEnd(22)}${String(value).padStart(9)}`)
}

function write(lines: readonly string[]): number {
  for (const line of lines) process.stdout.write(`${line}\n`)
  return 0
}

function no(what: string): number {
  process.stderr.write(`faults: ${what}; see --help\n`)
  return 2
}
