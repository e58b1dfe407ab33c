/** Nodes of today and of a version to come side by side, while one takes the place of the other, and back again. */

import type { FigureTargets } from '../checker/figures.ts'
import { type PreloadName, preloading } from '../stage/preloads/preload.ts'
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'

const CALM_MS = 2_000

export const versions: readonly Scenario[] = [
  row('next-wire', 'speak the next number of the wire, and serve the one before', {}),
  // What one version publishes the other drops: heads are compared with the store every 10 s.
  row('next-frames', 'can neither read nor write the frames of the others', { delayMaxMs: 12_000 }),
]

function row(preload: 'next-wire' | 'next-frames', what: string, figures: FigureTargets): Scenario {
  return {
    name: `versions-${preload}`,
    story: `nodes are replaced, one by one, by such as ${what}; then all is rolled back`,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I9', 'I11', 'I12', 'I13'],
    needs: ['nginx'],
    seed: 1,
    quick: false,
    stage: { nodes: 2, front: true, ours: 6, stock: 6, env: { DRAIN_SECONDS: '3' } },
    figures: { unansweredSends: 0, ...figures },
    run: async (stage) => {
      await roll(stage, preload)
      await roll(stage, undefined)
    },
  }
}

/** Undefined: to today's. */
async function roll(stage: Stage, preload: PreloadName | undefined): Promise<void> {
  for (const old of [...stage.nodes]) {
    await stage.sleep(CALM_MS)
    const what = preload === undefined ? 'replaced by today’s' : `replaced by ${preload}`
    await stage.nemesis.strike(what, old.name, async () => {
      const node = await stage.addNode(preload && preloading(preload))
      stage.retire(old)
      // For a while both kinds serve: people of each hear those of the other.
      await stage.sleep(CALM_MS)
      const code = await old.end('SIGTERM')
      const isNext = (await node.metric('madang_info', 'wire="2"')) === 1
      return code === 0 && isNext === (preload === 'next-wire')
    })
  }
  await stage.sleep(CALM_MS)
}
