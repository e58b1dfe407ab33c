/** `npm run faults`: runs a fault scenario and prints a table that a stranger can check. */
import { parseArgs } from 'node:util'
import { BROKERS, startCarrier } from './faults/brokers.ts'
import { killNine } from './faults/kill-nine.ts'
import { twoNodes } from './faults/two-nodes.ts'
import { isClean, type Verdict } from './ledger.ts'

const HELP = `Usage: npm run faults -- [kill-nine | broker] [flags]

  kill-nine    Two of our clients and one stock socket.io-client send to one channel of a
               server that is killed with SIGKILL again and again. The default.
  broker       Two nodes over one store, with clients of both kinds at each; the broker
               between them is killed in the middle, and started again.

What was acknowledged and shown is compared with what the log holds. All on loopback.

  --kills N      kill-nine: how often the server is killed (10)
  --broker NAME  broker: ${BROKERS.join(', ')} (redis)
  --away MS      broker: how long it is away, in ms (5000)
  --rate N       messages a second, all clients together (200)
  --life MS      between two faults, in ms (1500)
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
    away: { type: 'string', default: '5000' },
    rate: { type: 'string', default: '200' },
    life: { type: 'string', default: '1500' },
    help: { type: 'boolean', default: false },
  },
})
const common = {
  sendsPerSecond: Number(values.rate),
  lifeMs: Number(values.life),
  restMsMax,
  progress: (line: string) => void process.stderr.write(`${line}\n`),
}
const scenarios = new Map([
  ['kill-nine', runKillNine],
  ['broker', runBroker],
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
  if (broker === undefined) return notUnderstood(`there is no broker "${values.broker}"`)
  const carrier = await startCarrier(broker)
  try {
    const outage = { cut: carrier.cut, heal: carrier.heal, awayMs: Number(values.away) }
    const { verdict, ...facts } = await twoNodes({ ...common, env: carrier.env, outage })
    return tell(verdict, [
      ['broker', broker],
      ['readiness', facts.readiness.join(', ')],
      ['frames between nodes', facts.framesReceived],
      ['messages in the log', facts.messages],
      ['acknowledged', facts.acknowledged],
    ])
  } finally {
    await carrier.stop()
  }
}

function notUnderstood(what: string): number {
  process.stderr.write(`faults: ${what}; see --help\n`)
  return 2
}

function tell(verdict: Verdict, facts: readonly (readonly [string, string | number])[]): number {
  const { witness, vacuous, ...counts } = verdict
  for (const [what, value] of [...facts, ...Object.entries(counts)])
    process.stdout.write(`${what.padEnd(22)}${String(value).padStart(8)}\n`)
  for (const line of witness) process.stdout.write(`${line}\n`)
  if (vacuous) process.stdout.write('Nothing happened: the run proves nothing.\n')
  return isClean(verdict) ? 0 : 1
}
