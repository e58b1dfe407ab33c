/** `npm run load`: measures on this machine, on loopback, for a few seconds, and prints a table. */
import { parseArgs } from 'node:util'
import { bytesCommand } from './bytes/command.ts'
import { appendLoad } from './load/append.ts'
import { throughServer } from './load/through-server.ts'
import { textTable } from './table.ts'

const HELP = `Usage: npm run load -- <what> [--seconds N]

  append    durable messages a second at the SQLite store alone
  server    durable messages a second through the whole server, over websockets
  bytes     bytes through the brokers, stock adapters beside ours (about three minutes)

  --seconds N    how long each row runs (3)
  --quick        bytes: one Redis and a few people, in seconds
  --write        bytes: into docs/reference/performance.md, too
  --help         this text
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const durationMs = Number(values.seconds) * 1_000

async function append(): Promise<void> {
  const columns = [
    'senders',
    'messages/s',
    'cpu µs/message',
    'commits',
    'batch p50',
    'p50 ms',
    'p99 ms',
  ]
  const rows = []
  for (const senders of [1, 16, 256, 2_000]) {
    const figure = await appendLoad({ senders, channels: 8, durationMs })
    const { messagesPerSecond, cpuUsPerMessage, commits, batchMedian, p50Ms, p99Ms } = figure
    rows.push([senders, messagesPerSecond, cpuUsPerMessage, commits, batchMedian, p50Ms, p99Ms])
  }
  print(columns, rows)
}

async function server(): Promise<void> {
  const columns = [
    'senders',
    'in flight each',
    'messages/s',
    'server cpu µs/message',
    'ack p50 ms',
    'ack p99 ms',
  ]
  const rows = []
  for (const [senders, window] of [
    [1, 1],
    [16, 1],
    [16, 16],
    [64, 16],
  ] as const) {
    const figure = await throughServer({ senders, window, durationMs })
    const { messagesPerSecond, serverCpuUsPerMessage, ackP50Ms, ackP99Ms } = figure
    rows.push([senders, window, messagesPerSecond, serverCpuUsPerMessage, ackP50Ms, ackP99Ms])
  }
  print(columns, rows)
}

function print(columns: readonly string[], rows: readonly (readonly number[])[]): void {
  process.stdout.write(`${textTable(columns, rows)}\n`)
}

const [what] = positionals
if (values.help || what === undefined) process.stdout.write(HELP)
else if (what === 'append') await append()
else if (what === 'server') await server()
else if (what === 'bytes') process.exitCode = await bytesCommand(values)
else {
  process.stderr.write(`load: there is no "${what}"; see --help\n`)
  process.exitCode = 2
}
