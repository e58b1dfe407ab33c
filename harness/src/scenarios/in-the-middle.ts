/** Kills nodes while somebody waits for their answer: whether a send is under way in the moment of a kill is luck otherwise. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Crowd } from '../crowd/crowd.ts'
import type { StageNode } from '../stage/node.ts'
import type { Stage } from '../stage/stage.ts'

/** Who has waited for so long waits for a node that stands still: the others answer in a few milliseconds. */
const WAITED_MS = 100
/** A crowd that asks nothing for so long is not asked to. */
const PATIENCE_MS = 5_000

/** The nodes stand still until a request of theirs is without an answer, and die of it. Resolves to whether the signal ended every one. */
export async function killInTheMiddle(
  { crowd }: Pick<Stage, 'crowd'>,
  nodes: readonly StageNode[],
): Promise<boolean> {
  await Promise.all(nodes.map((node) => node.freeze()))
  await somebodyWaits(crowd)
  const codes = await Promise.all(nodes.map((node) => node.end('SIGKILL')))
  return codes.every((code) => code === null)
}

async function somebodyWaits(crowd: Crowd): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (performance.now() < deadline) {
    const before = crowd.all.filter((one) => one.waiting() > 0)
    await sleep(WAITED_MS)
    if (before.some((one) => one.waiting() > 0)) return
  }
}
