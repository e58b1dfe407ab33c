/** Nodes of today and of a version to come side by side, while one takes the place of the other, and back again. */

import { WIRE_VERSION } from '@madang/protocol'
import type { FigureTargets } from '../checker/figures.ts'
import type { StageNode } from '../stage/node.ts'
import { preloading } from '../stage/preloads/preload.ts'
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'

const CALM_MS = 2_000

export const versions: readonly Scenario[] = [
  row('next-wire', 'speak the next number of the wire, and serve the one before', {}),
  // What one version publishes the other drops: heads are compared with the store every 10 s.
  row('next-frames', 'can neither read nor write the frames of the others', { delayMaxMs: 12_000 }),
]

function row(preload: Preload, what: string, figures: FigureTargets): Scenario {
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
      await roll(stage, preload, preloading(preload))
      await roll(stage, preload, {})
    },
  }
}

type Preload = 'next-wire' | 'next-frames'
type Settings = { readonly NODE_OPTIONS?: string }

/** `settings`: what makes the newcomers what they are. */
async function roll(stage: Stage, preload: Preload, settings: Settings): Promise<void> {
  const what = settings.NODE_OPTIONS === undefined ? 'today’s' : preload
  for (const old of [...stage.nodes]) {
    await stage.sleep(CALM_MS)
    await stage.nemesis.strike(`replaced by ${what}`, old.name, async () => {
      await stage.addNode(settings)
      await stage.retire(old)
      // For a while both kinds serve: people of each hear those of the other.
      await stage.sleep(CALM_MS)
      const isMixed = await areMixed(preload, [old, ...stage.nodes])
      const code = await old.end('SIGTERM')
      return code === 0 && isMixed
    })
  }
  await stage.sleep(CALM_MS)
}

/** Whether two kinds of nodes serve side by side, and show it. */
async function areMixed(preload: Preload, nodes: readonly StageNode[]): Promise<boolean> {
  const sum = async (name: string, label: string) => {
    const values = await Promise.all(nodes.map((node) => node.metric(name, label)))
    return values.reduce((all, value) => all + value, 0)
  }
  if (preload === 'next-frames') return (await sum('madang_feed_total', 'what="frame_unknown"')) > 0
  const next = await sum('madang_info', `wire="${WIRE_VERSION + 1}"`)
  return next > 0 && next < nodes.length
}
