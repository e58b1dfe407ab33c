/** Load scenarios that are written for Artillery, played by our own generator against a server of its own. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { spawnServer } from '@madang/server/testing'
import { type PlayedPhase, replay } from '../artillery/replay.ts'
import { type Bounds, readScript, shortened } from '../artillery/script.ts'
import { percentile } from '../percentile.ts'
import { textTable } from '../table.ts'
import type { LoadCommand } from './command.ts'
import { cpuMsOf } from './cpu.ts'

/** The scenarios speak of rooms, and all visitors come from one address. */
const ENV = { DIALECTS: 'rooms', RATE_SCALE: '100000' }
const QUICK: Bounds = { secondsMax: 2, arrivalsPerSecondMax: 10, thinkMsMax: 500 }
const COLUMNS = [
  'phase',
  'arrivals/s',
  's',
  'came',
  'connected',
  'sent',
  'acknowledged',
  'refused',
  'received',
  'connect p50 ms',
  'p99 ms',
  'ack p50 ms',
  'p99 ms',
  'server cpu %',
]

export const artillery: LoadCommand = {
  name: 'artillery',
  measures: 'scenarios of examples/artillery, or of another file: <file> ...',
  async run({ quick, files, target, progress }) {
    const lines: string[] = []
    let isWhole = files.length > 0
    if (!isWhole)
      progress('which file? npm run load -- artillery examples/artillery/arrivals-100.yml')
    for (const file of files) {
      const script = readScript(await readFile(resolve(file), 'utf8'))
      const server = target === undefined ? await spawnServer({ env: ENV }) : undefined
      try {
        const played = await replay(quick ? shortened(script, QUICK) : script, {
          url: server?.url ?? target ?? script.target,
          cpuMs: () => (server === undefined ? Number.NaN : cpuMsOf(server.pid)),
          progress,
        })
        lines.push(file, '', textTable(COLUMNS, played.map(rowOf)), ...refusalsOf(played), '')
        isWhole &&= played.every(({ tally }) => tally.refused === 0)
      } finally {
        await server?.stop()
      }
    }
    return { text: lines.join('\n').trimEnd(), isWhole }
  },
}

function rowOf({ phase, tally, cpuShare }: PlayedPhase): readonly (string | number)[] {
  const { arrived, connected, sent, acknowledged, refused, received, connectMs, ackMs } = tally
  return [
    ...[phase.name, phase.arrivalsPerSecond, phase.seconds],
    ...[arrived, connected, sent, acknowledged, refused, received],
    ...[percentile(connectMs, 0.5), percentile(connectMs, 0.99)],
    ...[percentile(ackMs, 0.5), percentile(ackMs, 0.99)],
    Math.round(cpuShare * 100),
  ]
}

const refusalsOf = (played: readonly PlayedPhase[]): readonly string[] =>
  played.flatMap(({ phase, tally }) =>
    tally.refused === 0 ? [] : [`${phase.name}, refused: ${tally.reasons}`],
  )
