/** Three nodes behind nginx are replaced one after another while everybody talks: the deploy that nobody may notice. */

import type { StageNode } from '../stage/node.ts'
import type { Stage } from '../stage/stage.ts'
import { killInTheMiddle } from './in-the-middle.ts'
import type { Scenario } from './scenario.ts'

/** Before, between and after the restarts, in ms. */
export const CALM_MS = 1_500

const PROVES = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I9', 'I10', 'I11', 'I12', 'I13'] as const

type Signal = 'SIGTERM' | 'SIGKILL'

export const rolling: readonly Scenario[] = (['SIGTERM', 'SIGKILL'] as const).flatMap((signal) => [
  row(signal, 'new-first'),
  row(signal, 'in-place'),
])

function row(signal: Signal, order: 'new-first' | 'in-place'): Scenario {
  const isNewFirst = order === 'new-first'
  const word = signal === 'SIGTERM' ? 'term' : 'kill'
  return {
    name: `rolling-${word}-${order}`,
    story: `three nodes behind nginx are replaced by ${signal}, one after another, ${
      isNewFirst ? 'each after its successor serves' : 'each in its own place'
    }`,
    // A drain interrupts nothing, so that there may be no outcome to be found out.
    proves: [...PROVES, ...(signal === 'SIGKILL' ? (['I8'] as const) : [])],
    needs: ['nginx'],
    seed: 1,
    quick: true,
    stage: {
      nodes: 3,
      front: true,
      ours: 30,
      stock: 30,
      sendsPerSecond: 50,
      env: { DRAIN_SECONDS: '3' },
    },
    figures: {
      unansweredSends: 0,
      ...(signal === 'SIGTERM' && { silenceOursP99Ms: 250 }),
      // socket.io-client waits for 1 s, more or less by half, before it connects again.
      silenceStockP99Ms: 2_500,
      ...(isNewFirst && signal === 'SIGTERM' && { movesMax: 1 }),
    },
    run: (stage) => roll(stage, signal, isNewFirst),
  }
}

async function roll(stage: Stage, signal: Signal, isNewFirst: boolean): Promise<void> {
  await stage.sleep(CALM_MS)
  const old = [...stage.nodes]
  // All of the new ones come before the first of the old ones goes: whoever moves, moves to a new one.
  if (isNewFirst) await replaceFirst(stage, old)
  for (const node of old) {
    await stage.nemesis.strike(signal, node.name, () => end(stage, node, signal))
    if (!isNewFirst) await node.start()
    await stage.sleep(CALM_MS)
  }
}

async function replaceFirst(stage: Stage, old: readonly StageNode[]): Promise<void> {
  for (const _ of old) await stage.addNode()
  for (const node of old) await stage.retire(node)
}

/** A signal that cannot be refused took effect when the process is gone; one that can, when it ended by itself and cleanly. */
async function end(stage: Stage, node: StageNode, signal: Signal): Promise<boolean> {
  if (signal === 'SIGKILL') return killInTheMiddle(stage, [node])
  return (await node.end(signal)) === 0
}
