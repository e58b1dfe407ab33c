/** Nodes that die between two steps of one append: around the commit, and between the commit and the publishing. */
import { CRASH_MOMENTS, type CrashMoment } from '../stage/preloads/crash-moments.ts'
import { order } from '../stage/preloads/order-file.ts'
import { preloading } from '../stage/preloads/preload.ts'
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'

const CALM_MS = 1_000
const CRASHES = 8

const STORIES: Readonly<Record<CrashMoment, string>> = {
  'before-commit': 'with everything written and nothing committed',
  'after-commit': 'after the commit, before anybody was told',
  'before-publish': 'after the commit, before the other nodes were told',
}

export const crash: readonly Scenario[] = CRASH_MOMENTS.map((moment) => ({
  name: `crash-${moment}`,
  story: `a node dies ${STORIES[moment]}, ${CRASHES} times, and is started again`,
  proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I12'],
  needs: [],
  seed: 1,
  quick: false,
  stage: { nodes: 2, ours: 4, stock: 4, sendsPerSecond: 60, env: preloading('crash') },
  figures: { unansweredSends: 0 },
  run: (stage) => crashAgainAndAgain(stage, moment),
}))

async function crashAgainAndAgain(stage: Stage, moment: CrashMoment): Promise<void> {
  for (let count = 0; count < CRASHES; count++) {
    await stage.sleep(CALM_MS)
    const node = stage.random.pick(stage.nodes)
    if (node === undefined) return
    await stage.nemesis.strike(`dies ${moment}`, node.name, async () => {
      order(stage.dataDir, 'crash', node.pid, moment)
      return (await node.gone()) === null
    })
    stage.crowd.pause()
    await node.start()
    await stage.crowd.online()
    stage.crowd.play()
  }
}
