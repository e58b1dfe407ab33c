/** What delivering a room's messages costs, side by side with stock Socket.IO and with bare `ws`. */
import { createRequire } from 'node:module'
import { bars } from '../fan-out/bars.ts'
import { CANDIDATES, compare, type Figure } from '../fan-out/compare.ts'
import { type IdleFigure, idle } from '../fan-out/idle.ts'
import { idleTable, speedTable } from '../fan-out/rows.ts'
import { full, quick } from '../fan-out/scenario.ts'
import { markdownTable, measuredOn, writePlot, writeSection } from '../page.ts'
import { textTable } from '../table.ts'
import type { LoadCommand } from './command.ts'

const PLOTS = [
  {
    file: 'fan-out-cpu.svg',
    title: 'CPU per delivery in µs',
    of: (figure: Figure) => figure.cpuUsPerDelivery,
  },
  {
    file: 'fan-out-p99.svg',
    title: 'p99 latency in ms',
    of: (figure: Figure) => figure.p99Ms,
  },
]

export const fanOut: LoadCommand = {
  name: 'fan-out',
  measures:
    'CPU, latency and memory of delivery to rooms: stock Socket.IO, bare ws and ours (8 min)',
  async run(options) {
    const programme = options.quick ? quick : full
    const figures = await compare(programme, options.progress)
    const idleFigures = await idle(programme.idleConnections, options.progress)
    if (options.write && !options.quick) await write(figures, idleFigures)
    const [speed, memory] = [speedTable(figures), idleTable(idleFigures)]
    const text = `${textTable(speed.columns, speed.rows)}\n\n${textTable(memory.columns, memory.rows)}`
    return { text, isWhole: true }
  },
}

async function write(
  figures: readonly Figure[],
  idleFigures: readonly IdleFigure[],
): Promise<void> {
  const [first] = figures
  const layout = first?.scenario.layout
  const inFirst = figures.filter((figure) => figure.scenario.layout === layout)
  const rates = [...new Set(inFirst.map(({ scenario }) => scenario.rate))]
  for (const { file, title, of } of PLOTS) {
    const groups = rates.map((rate) => ({
      name: `${rate}/s`,
      values: CANDIDATES.map((name) => {
        const figure = inFirst.find((one) => one.candidate === name && one.scenario.rate === rate)
        return figure === undefined ? Number.NaN : of(figure)
      }),
    }))
    await writePlot(
      file,
      bars({
        title: `${title}: ${layout?.name}, by messages a second (log scale)`,
        series: CANDIDATES,
        groups,
      }),
    )
  }
  await writeSection('fan-out', section(figures, idleFigures))
}

function section(figures: readonly Figure[], idleFigures: readonly IdleFigure[]): string {
  return `
## Delivery to rooms

${measuredOn('npm run load -- fan-out --write', { 'socket.io': versionOf('socket.io'), ws: versionOf('ws') })}

Each server runs in a process of its own; its CPU time, user and system, is that of the process from the first message to the last arrival. All clients
run in another process. Frames of 219 bytes. *stock* is Socket.IO with its in-memory adapter and \`io.to(room).emit\`, websocket only, without compression; *raw* is \`ws\` alone,
each frame encoded once and written to each socket; *ours* is Socket.IO with \`createAdapter\` of \`@madang/fanout\`. The servers take turns; figures are medians of ${full.rounds} rounds.
Latency counts from the moment at which a message was due, so a server that cannot keep up shows it.

![CPU per delivery](fan-out-cpu.svg)

![Latency](fan-out-p99.svg)

${markdownTable(speedTable(figures))}

Resident memory of the server process per connection that is joined to one room and idle, after collecting garbage, with V8's young generation held to 1 MB so that its growth
is not counted. *ours* is with \`defaultRoom: false\` and \`slimConnections\`, which say what they give up.

${markdownTable(idleTable(idleFigures))}
`
}

function versionOf(name: string): string {
  const manifest: unknown = createRequire(import.meta.url)(`${name}/package.json`)
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isManifest ? String(manifest.version) : 'unknown'
}
