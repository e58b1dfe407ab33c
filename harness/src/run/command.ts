/** The command line of the fault scenarios. */
import { parseArgs } from 'node:util'
import { SCENARIOS } from '../scenarios/all.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { BROKERS, type BrokerName } from '../stage/brokers.ts'
import type { StageOptions } from '../stage/stage.ts'
import { STORES, type StoreName } from '../stage/stores.ts'
import { nameOf, needsOf } from './needs.ts'
import { calm } from './quick.ts'
import { FOLDER, runAll } from './run-all.ts'
import { simulateCommand } from './simulate.ts'

const HELP = `Usage: npm run faults -- [flags]
       npm run faults -- simulate [--seeds N] [--seed S] [--mutant NAME]

Plays fault scenarios with real processes on loopback: nodes over a store and a broker, nginx, our
clients and stock socket.io-clients that send, edit, delete, read, join, leave and are put out.
What was acknowledged, delivered and shown is compared with what the store holds at the end.

What this machine lacks is named, and what needs it is skipped. Those that fill disks take root; those
in which hosts vanish take root and iproute2, because each node is put into a network namespace of its
own; packets are lost by nftables, and a network that is bad in every way takes a kernel with netem.
All of it is gone at the end.

  --quick          only those that every test run plays, with its smaller crowds
  --only A,B       only those whose name contains one of these
  --skip A,B       not those whose name contains one of these
  --seed S         other dice than each scenario's own
  --repeat N       each so many times, with one seed after another (1)
  --broker NAME    ${BROKERS.join(', ')}
  --store NAME     ${STORES.join(', ')}
  --nodes N        how many nodes
  --clients N      how many clients, half of them ours
  --rate N         sends a second, all clients together
  --keep           keep the records of every run in .faults/, not only of those that failed
  --strict         a figure that misses its target fails the run
  --baseline       the rolling restarts in place, and beside them the same with stock Socket.IO
  --report FILE    where the report in HTML is written (.faults/report.html)
  --write          the verdicts and figures into docs/reference/reliability.md, too
  --list           what there is
  --help           this text

  simulate         stories of several nodes in one process, each decided by its seed; see
                   npm run faults -- simulate --help

Exit code 0: everything is true. 1: something is false, unknown or could not be played. 2: not
understood.
`

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  only: { type: 'string' },
  skip: { type: 'string' },
  seed: { type: 'string' },
  repeat: { type: 'string', default: '1' },
  broker: { type: 'string' },
  store: { type: 'string' },
  nodes: { type: 'string' },
  clients: { type: 'string' },
  rate: { type: 'string' },
  keep: { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
  baseline: { type: 'boolean', default: false },
  report: { type: 'string', default: `${FOLDER}report.html` },
  write: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** Something that was typed and makes no sense. */
class Misunderstanding extends Error {}

/** Resolves to the exit code. */
export async function faultsCommand(args: readonly string[]): Promise<number> {
  if (args[0] === 'simulate') return simulateCommand(args.slice(1))
  try {
    return await playCommand(args)
  } catch (error) {
    if (!isMisunderstanding(error)) throw error
    process.stderr.write(`faults: ${error.message}; see --help\n`)
    return 2
  }
}

const isMisunderstanding = (error: unknown): error is Error =>
  error instanceof Misunderstanding ||
  (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))

async function playCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const { baseline, only = baseline ? 'rolling-term-in-place,rolling-kill-in-place' : undefined } =
    values
  const scenarios = chosen({ ...values, only })
  if (values.list) {
    process.stdout.write(scenarios.map(listed).join(''))
    return 0
  }
  const changes = stageOf(values)
  return runAll(scenarios, {
    seed: values.seed === undefined ? undefined : wholeNumber('seed', values.seed),
    repeat: wholeNumber('repeat', values.repeat),
    stage: (scenario) => ({ ...(values.quick && calm(scenario)), ...changes }),
    flags: flagsOf(args),
    keep: values.keep,
    strict: values.strict,
    baseline: values.baseline,
    report: values.report,
    write: values.write,
  })
}

/** What there is, a scenario in two lines or three. */
export function listed(scenario: Scenario): string {
  const { name, story, quick } = scenario
  const needs = [...needsOf(scenario, {})].map(nameOf).join(', ')
  const lines = [`${quick ? 'quick' : '     '}  ${name}`, `         ${story}`]
  if (needs !== '') lines.push(`         needs ${needs}`)
  return lines.map((line) => `${line}\n`).join('')
}

interface Choice {
  readonly quick: boolean
  readonly only?: string | undefined
  readonly skip?: string | undefined
}

function chosen({ quick, only, skip }: Choice): readonly Scenario[] {
  const [wanted, unwanted] = [only?.split(',') ?? [''], skip?.split(',') ?? []]
  const fits = (name: string, parts: readonly string[]) => parts.some((part) => name.includes(part))
  const found = SCENARIOS.filter(
    (one) => fits(one.name, wanted) && !fits(one.name, unwanted) && (one.quick || !quick),
  )
  if (found.length === 0) throw new Misunderstanding('no scenario fits')
  return found
}

interface StageValues {
  readonly broker?: string | undefined
  readonly store?: string | undefined
  readonly nodes?: string | undefined
  readonly clients?: string | undefined
  readonly rate?: string | undefined
}

function stageOf({ broker, store, nodes, clients, rate }: StageValues): Partial<StageOptions> {
  const half = clients === undefined ? undefined : wholeNumber('clients', clients) / 2
  return {
    ...(broker !== undefined && { broker: oneOf<BrokerName>('broker', broker, BROKERS) }),
    ...(store !== undefined && { store: oneOf<StoreName>('store', store, STORES) }),
    ...(nodes !== undefined && { nodes: wholeNumber('nodes', nodes) }),
    ...(half !== undefined && { ours: Math.ceil(half), stock: Math.floor(half) }),
    ...(rate !== undefined && { sendsPerSecond: wholeNumber('rate', rate) }),
  }
}

/** The flags that have to be said again to play the same thing again. */
function flagsOf(args: readonly string[]): readonly string[] {
  const kept = ['--broker', '--store', '--nodes', '--clients', '--rate']
  return args.flatMap((arg, at) => {
    if (kept.includes(arg)) return [arg, args[at + 1] ?? '']
    if (arg === '--quick') return [arg]
    return kept.some((flag) => arg.startsWith(`${flag}=`)) ? [arg] : []
  })
}

function wholeNumber(flag: string, text: string): number {
  if (/^\d{1,9}$/.test(text) && (flag === 'seed' || Number(text) > 0)) return Number(text)
  throw new Misunderstanding(`--${flag} takes a whole number, not "${text}"`)
}

function oneOf<T extends string>(flag: string, text: string, all: readonly T[]): T {
  const found = all.find((one) => one === text)
  if (found === undefined) throw new Misunderstanding(`there is no ${flag} "${text}"`)
  return found
}
