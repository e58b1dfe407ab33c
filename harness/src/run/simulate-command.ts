/** `npm run faults -- simulate`: the deterministic layer, from the command line. */
import { parseArgs } from 'node:util'
import { mutants, simulateSeeds } from './simulate.ts'

const HELP = `Usage: npm run faults -- simulate [flags]

Stories of two to five nodes in this process, each decided by its seed: frames and answers are lost,
late and doubled, nodes crash, people come, go and are put out. The first that breaks a promise is
made small, and told.

  --seeds N      how many (1000)
  --seed S       the first one (1)
  --mutant NAME  nodes with something wrong: "list" says which
`

export async function simulateCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      mutant: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const { mutant, seed, seeds, help } = values
  if (help || mutant === 'list') {
    process.stdout.write(help ? HELP : mutants.map((name) => `${name}\n`).join(''))
    return 0
  }
  if (mutant !== undefined && !mutants.includes(mutant)) {
    process.stderr.write(`faults: there is no mutant "${mutant}"; see simulate --mutant list\n`)
    return 2
  }
  const progress = (line: string) => void process.stderr.write(`${line}\n`)
  const options = { from: Number(seed), seeds: Number(seeds), progress }
  const report = await simulateSeeds({ ...options, ...(mutant !== undefined && { mutant }) })
  tell(report, mutant)
  return report.broken === undefined && report.delivered > 0 ? 0 : 1
}

type Report = Awaited<ReturnType<typeof simulateSeeds>>

function tell({ broken, longestDelays, ...facts }: Report, mutant: string | undefined): void {
  const lines: readonly (readonly [string, string | number])[] = [
    ...Object.entries(facts),
    ...Object.entries(longestDelays).map(
      ([weather, ms]) => [`longest, ${weather}, ms`, ms] as const,
    ),
    ['broken', broken === undefined ? 'none' : `seed ${broken.seed}`],
  ]
  for (const line of broken?.lines ?? []) process.stdout.write(`${line}\n`)
  for (const [what, value] of lines)
    process.stdout.write(`${what.padEnd(22)}${String(value).padStart(8)}\n`)
  if (broken === undefined) return
  const again = mutant === undefined ? '' : ` --mutant "${mutant}"`
  process.stdout.write(
    `Again: npm run faults -- simulate --seeds 1 --seed ${broken.seed}${again}\n`,
  )
}
