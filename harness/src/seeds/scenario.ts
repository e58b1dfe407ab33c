/** A load scenario of examples/artillery, in small, against a server of a seed. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replay } from '../artillery/replay.ts'
import { readScript, shortened } from '../artillery/script.ts'
import { percentile } from '../percentile.ts'
import { type Seen, seen } from './claim.ts'
import { type Ground, ROOT } from './ground.ts'

const FOLDER = join(ROOT, 'examples/artillery')

/** Its events in its order; phases, rates and waits are shorter. */
export async function playScenario(ground: Ground, file: string, url: string): Promise<Seen> {
  const script = readScript(await readFile(join(FOLDER, file), 'utf8'))
  const bounds = {
    secondsMax: ground.size(5, 1),
    arrivalsPerSecondMax: ground.size(20, 8),
    thinkMsMax: ground.size(1_000, 200),
  }
  const played = await replay(shortened(script, bounds), {
    ...{ url, cpuMs: () => Number.NaN, progress: () => {} },
  })
  const sum = (of: (tally: (typeof played)[number]['tally']) => number) =>
    played.reduce((total, { tally }) => total + of(tally), 0)
  const refused = played.map(({ tally }) => tally.reasons).filter((reasons) => reasons !== '')
  const acks = played.flatMap(({ tally }) => tally.ackMs)
  const [arrived, sent, taken] = [
    sum((tally) => tally.arrived),
    sum((tally) => tally.sent),
    sum((tally) => tally.acknowledged),
  ]
  return seen(
    `${arrived} visitors in ${played.length === 1 ? 'one phase' : `${played.length} phases`}, ${sum((tally) => tally.upgraded)} by websocket in the end; ${sent} emits, ${taken} acknowledged (p99 ${Math.round(percentile(acks, 0.99))} ms), ${sum((tally) => tally.received)} events came down; refused: ${refused.join(', ') || 'none'}`,
    { 'nobody was refused': refused.length === 0, 'all were taken': taken === sent && sent > 0 },
  )
}
