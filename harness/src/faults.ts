/** `npm run faults`: runs the fault scenarios and prints a table that a stranger can check. */
import { parseArgs } from 'node:util'
import { killNine } from './faults/kill-nine.ts'
import { isClean } from './ledger.ts'

const HELP = `Usage: npm run faults -- [--kills N] [--rate N] [--life MS]

Starts a server on loopback, lets two of our clients and one stock socket.io-client
send to one channel, kills the server with SIGKILL again and again, and compares
what was acknowledged and shown with what the log holds.

  --kills N    how often the server is killed (10)
  --rate N     messages a second, all clients together (200)
  --life MS    how long the server lives between two kills, in ms (1500)
  --help       this text

Exit code 0: no violation. 1: a violation, or nothing happened.
`

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '10' },
    rate: { type: 'string', default: '200' },
    life: { type: 'string', default: '1500' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) process.stdout.write(HELP)
else process.exitCode = await run()

async function run(): Promise<number> {
  const report = await killNine({
    kills: Number(values.kills),
    sendsPerSecond: Number(values.rate),
    lifeMs: Number(values.life),
    restMsMax: 30_000,
    progress: (line) => process.stderr.write(`${line}\n`),
  })
  const { witness, vacuous, ...counts } = report.verdict
  const rows = [
    ['kills', report.kills],
    ['messages in the log', report.messages],
    ['acknowledged', report.acknowledged],
    ...Object.entries(counts),
  ]
  for (const [name, value] of rows)
    process.stdout.write(`${String(name).padEnd(22)}${String(value).padStart(8)}\n`)
  for (const line of witness) process.stdout.write(`${line}\n`)
  if (vacuous) process.stdout.write('Nothing happened: the run proves nothing.\n')
  return isClean(report.verdict) ? 0 : 1
}
