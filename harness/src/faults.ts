/** `npm run faults`: runs a fault scenario and prints a table that a stranger can check. */
import { parseArgs } from 'node:util'
import { BROKERS, startCarrier } from './faults/brokers.ts'
import { killNine } from './faults/kill-nine.ts'
import { severalNodes } from './faults/several-nodes.ts'
import { simulateCommand } from './faults/simulate.ts'
import { STORES, startShelf } from './faults/stores.ts'
import { isClean, type Verdict } from './ledger.ts'

const HELP = `Usage: npm run faults -- [kill-nine | broker | simulate] [flags]

  kill-nine    Two of our clients and one stock socket.io-client send to one channel of a
               server that is killed with SIGKILL again and again. The default.
  broker       Several nodes over one store, with clients of both kinds at each; the broker
               between them is killed in the middle, and started again.
  simulate     Stories of two to five nodes and of our clients in this process, each decided
               by its seed: frames and answers are lost, late and doubled, nodes crash and
               are cut off, pages are loaded anew, people come, go and are put out. The first
               that breaks a promise is made small, and told.

What was acknowledged and shown is compared with what the log holds. All on loopback.

  --kills N      kill-nine: how often the server is killed (10)
  --broker NAME  broker: ${BROKERS.join(', ')} (redis)
  --store NAME   broker: ${STORES.join(', ')} (sqlite)
  --nodes N      broker: how many (3)
  --away MS      broker: how long it is away, in ms (5000)
  --rate N       messages a second, all clients together (200)
  --life MS      between two faults, in ms (1500)
  --seeds N      simulate: how many (1000)
  --seed S       simulate: the first one (1)
  --size SIZE    simulate: small or large stories (small)
  --jobs N       simulate: threads (one per core)
  --keep-going   simulate: run the other seeds too after one that breaks a promise
  --mutant NAME  simulate: nodes or clients with something wrong: "list" says which
  --help         this text

Exit code 0: no violation. 1: a violation, or nothing happened. 2: not understood.
`

/** How long the clients get at the end to come to rest. */
const restMsMax = 30_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '10' },
    broker: { type: 'string', default: 'redis' },
    store: { type: 'string', default: 'sqlite' },
    nodes: { type: 'string', default: '3' },
    away: { type: 'string', default: '5000' },
    rate: { type: 'string', default: '200' },
    life: { type: 'string', default: '1500' },
    seeds: { type: 'string' },
    seed: { type: 'string' },
    size: { type: 'string' },
    jobs: { type: 'string' },
    'keep-going': { type: 'boolean' },
    mutant: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const progress = (line: string) => void process.stderr.write(`${line}\n`)
const common = {
  sendsPerSecond: Number(values.rate),
  lifeMs: Number(values.life),
  restMsMax,
  progress,
}
const scenarios = new Map([
  ['kill-nine', runKillNine],
  ['broker', runBroker],
  ['simulate', runSimulate],
])
const [name = 'kill-nine'] = positionals
const run = scenarios.get(name)
if (values.help) process.stdout.write(HELP)
else if (run === undefined) process.exitCode = notUnderstood(`there is no "${name}"`)
else process.exitCode = await run()

async function runKillNine(): Promise<number> {
  const { verdict, ...facts } = await killNine({ ...common, kills: Number(values.kills) })
  return tell(verdict, [
    ['kills', facts.kills],
    ['messages in the log', facts.messages],
    ['acknowledged', facts.acknowledged],
  ])
}

async function runBroker(): Promise<number> {
  const broker = BROKERS.find((one) => one === values.broker)
  const store = STORES.find((one) => one === values.store)
  if (broker === undefined) return notUnderstood(`there is no broker "${values.broker}"`)
  if (store === undefined) return notUnderstood(`there is no store "${values.store}"`)
  const shelf = await startShelf(store)
  const carrier = await startCarrier(broker)
  try {
    const { verdict, ...facts } = await severalNodes({
      ...common,
      nodes: Number(values.nodes),
      env: { ...carrier.env, ...shelf.env },
      ...(carrier.outage && { outage: { ...carrier.outage, awayMs: Number(values.away) } }),
    })
    return tell(verdict, [
      ['nodes', values.nodes],
      ['store', store],
      ['broker', broker],
      ['readiness', facts.readiness.join(', ')],
      ['frames between nodes', facts.framesReceived],
      ['messages in the log', facts.messages],
      ['acknowledged', facts.acknowledged],
      ['median delay, ms', facts.medianDelayMs],
      ['longest delay, ms', facts.longestDelayMs],
    ])
  } finally {
    await carrier.stop()
    await shelf.stop()
  }
}

function runSimulate(): Promise<number> {
  return simulateCommand(process.argv.slice(2).filter((one) => one !== 'simulate'))
}

function notUnderstood(what: string): number {
  process.stderr.write(`faults: ${what}; see --help\n`)
  return 2
}

function tellFacts(facts: readonly (readonly [string, string | number])[]): void {
  for (const [what, value] of facts) {
    process.stdout.write(`${what.padEnd(22)}${String(value).padStart(8)}\n`)
  }
}

function tell(verdict: Verdict, facts: readonly (readonly [string, string | number])[]): number {
  const { witness, vacuous, ...counts } = verdict
  tellFacts([...facts, ...Object.entries(counts)])
  for (const line of witness) process.stdout.write(`${line}\n`)
  if (vacuous) process.stdout.write('Nothing happened: the run proves nothing.\n')
  return isClean(verdict) ? 0 : 1
}
