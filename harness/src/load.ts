/** `npm run load`: measures on this machine, on loopback, and prints a table. */
import { parseArgs } from 'node:util'
import { append } from './load/append.ts'
import { artillery } from './load/artillery.ts'
import { bytes } from './load/bytes.ts'
import type { LoadCommand } from './load/command.ts'
import { connections } from './load/connections.ts'
import { dialects } from './load/dialects.ts'
import { fanOut } from './load/fan-out.ts'
import { STORES } from './load/stores.ts'
import { storm } from './load/storm.ts'
import { server } from './load/through-server.ts'

const COMMANDS: readonly LoadCommand[] = [
  append,
  server,
  connections,
  storm,
  fanOut,
  bytes,
  dialects,
  artillery,
]

const HELP = `Usage: npm run load -- <what> [file ...] [--seconds N] [--quick] [--write]

${COMMANDS.map(({ name, measures }) => `  ${name.padEnd(13)}${measures}`).join('\n')}

  --seconds N    how long each row of append and server runs (3)
  --store NAME   append, server: sqlite or postgres alone, in place of both
  --target URL   artillery: a server that runs already, in place of one of its own
  --quick        all but append and server: a few clients for a second, to see whether it works
  --write        append, fan-out, bytes: into docs/reference/performance.md, too
  --help         this text

Exit code 0: measured. 1: something is missing from the figures. 2: not understood.
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '3' },
    store: { type: 'string' },
    target: { type: 'string' },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const [what, ...files] = positionals
const command = COMMANDS.find(({ name }) => name === what)
const stores = STORES.filter((name) => values.store === undefined || values.store === name)
if (values.help || what === undefined) process.stdout.write(HELP)
else if (command === undefined) {
  process.stderr.write(`load: there is no "${what}"; see --help\n`)
  process.exitCode = 2
} else if (stores.length === 0) {
  process.stderr.write(`load: there is no store "${values.store}"; see --help\n`)
  process.exitCode = 2
} else {
  const { quick, write, target } = values
  const durationMs = Number(values.seconds) * 1_000
  const progress = (line: string) => void process.stderr.write(`${line}\n`)
  const { text, isWhole } = await command.run({
    ...{ durationMs, stores, quick, write, files, target, progress },
  })
  process.stdout.write(`${text}\n`)
  if (!isWhole) process.exitCode = 1
}
