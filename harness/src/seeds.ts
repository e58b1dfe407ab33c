/** `npm run seeds`: tries what five teams wrote of their chat systems, each claim against running processes, and prints one table. */
import { setMaxListeners } from 'node:events'
import { parseArgs } from 'node:util'
import { isRequired } from '../../tests/services/part.ts'
import { descendantsOf, killSurely } from './seeds/children.ts'
import { claimTable, summaryOf } from './seeds/claim-table.ts'
import { writeRows } from './seeds/page.ts'
import { type Row, run } from './seeds/run.ts'
import { SEEDS } from './seeds/seeds.ts'

const HELP = `Usage: npm run seeds -- [flags]

Madang comes from five write-ups of chat systems: a deploy without a gap, all cores and Redis,
communities and an API apart, nginx and horizontal scaling, the cost of fan-out. Each thing that
they say is tried here with real processes on loopback, and told in a row: what was done, what
was seen. Everything that it needs is started, and stopped at the end.

  --only 003     the rows of one write-up; several with commas between
  --list         the claims, without trying them
  --quick        fewer people and messages
  --width N      of the table, in characters (the terminal's, or 160)
  --write        into docs/reference/seeds.md, too
  --help         this text

Exit code 0: every row that was tried is ok. 1: a row is missed, or, with REQUIRE_SERVICES=1,
could not be tried. 2: not understood. 130: interrupted.
`

/** No claim takes a fifth of it on two cores that have nothing else to do. */
const claimMsMax = 240_000
const usualWidth = 160
/** npm repeats to its child what the terminal told the whole group; a person who insists takes longer, in ms. */
const echoMsMax = 500
/** Each server of a part listens for the end of this process, and there are many. */
const listenersMax = 128

// Nothing that was started outlives this process, not even what was only about to come up.
process.on('exit', () => {
  for (const pid of descendantsOf(process.pid)) killSurely(pid)
})
// A claim that was given up may still wait for something.
process.exit(await main(process.argv.slice(2)))

async function main(args: readonly string[]): Promise<number> {
  const flags = flagsOf(args)
  if (typeof flags === 'string') return notUnderstood(flags)
  if (flags.help) return print(HELP)
  const wanted = flags.only?.split(',') ?? SEEDS.map(({ name }) => name)
  const unknown = wanted.filter((one) => !SEEDS.some(({ name }) => name === one))
  if (unknown.length > 0) return notUnderstood(`there is no seed ${unknown.join(', ')}`)
  const seeds = SEEDS.filter(({ name }) => wanted.includes(name))
  if (flags.list) {
    const lines = seeds.flatMap(({ claims }) => claims.map(({ seed, says }) => `${seed}  ${says}`))
    return print(`${lines.join('\n')}\n`)
  }
  setMaxListeners(listenersMax, process)
  const interrupted = untilSignal()
  const rows = await run(seeds, {
    isQuick: flags.quick,
    claimMsMax,
    progress: (line) => void process.stderr.write(`${line}\n`),
    signal: interrupted,
  })
  const width = Number(flags.width ?? process.stdout.columns ?? usualWidth) || usualWidth
  print(`${claimTable(rows, width)}\n${summaryOf(rows)}\n`)
  if (interrupted.aborted) return 130
  if (flags.write) await writeRows(rows, seeds)
  return codeOf(rows)
}

function codeOf(rows: readonly Row[]): number {
  const isBad = ({ result }: Row) => result === 'missed' || (result === 'not tried' && isRequired())
  return rows.length === 0 || rows.some(isBad) ? 1 : 0
}

/** The first signal ends the run in order, a second one at once. */
function untilSignal(): AbortSignal {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  let firstMs = 0
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      const isAgain = controller.signal.aborted && performance.now() - firstMs > echoMsMax
      if (isAgain) process.exit(130)
      firstMs ||= performance.now()
      controller.abort()
    })
  }
  return controller.signal
}

function flagsOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        list: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        width: { type: 'string' },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

function notUnderstood(what: string): number {
  process.stderr.write(`seeds: ${what}; see --help\n`)
  return 2
}
