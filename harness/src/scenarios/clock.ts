/** Nodes whose wall clock is set, forwards and backwards, while they serve: order is by number, and waiting is monotonic. */
import { order } from '../stage/preloads/order-file.ts'
import { preloading } from '../stage/preloads/preload.ts'
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'

const CALM_MS = 1_500
const HOUR_MS = 3_600_000
const CHECK_MS = 100
const JUMPS_MS = [HOUR_MS, -HOUR_MS, 0]

export const clock: readonly Scenario[] = [
  {
    name: 'clock-jumped',
    story:
      'the clocks of two of three nodes jump by an hour, forwards and backwards and right again',
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I9', 'I10', 'I11', 'I12', 'I13'],
    needs: [],
    seed: 1,
    quick: false,
    stage: { ours: 6, stock: 6, env: preloading('clock') },
    figures: { unansweredSends: 0 },
    run: jump,
  },
]

async function jump(stage: Stage): Promise<void> {
  const [one, other] = stage.nodes
  for (const ms of JUMPS_MS) {
    await stage.sleep(CALM_MS)
    const isRight = ms === 0
    const name = isRight ? 'clocks are right again' : `clocks jump by ${ms / 60_000} min`
    await stage.nemesis.strike(name, 'two nodes', async () => {
      const since = (await stage.keeper.heads()).get(stage.keeper.hall) ?? 0
      // Apart by twice as much, which is more than either alone.
      for (const [node, by] of [
        [one, ms],
        [other, -ms],
      ] as const)
        if (node !== undefined) order(stage.dataDir, 'clock', node.pid, String(by))
      return untilWritten(stage, since, Math.abs(ms))
    })
    await stage.sleep(CALM_MS)
  }
}

/** Waits for a message that was written so far off the right time, in ms. */
async function untilWritten({ keeper, sleep }: Stage, since: number, ms: number): Promise<boolean> {
  for (;;) {
    for (const { createdAt } of await keeper.read(keeper.hall, since)) {
      const off = Math.abs(createdAt - Date.now())
      if (Math.abs(off - ms) < HOUR_MS / 2) return true
    }
    await sleep(CHECK_MS)
  }
}
