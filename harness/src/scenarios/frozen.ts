/** Nodes that stand still, their connections open, and wake up in a world that went on: people were put out meanwhile. */
import type { StageNode } from '../stage/node.ts'
import type { Stage, StageOptions } from '../stage/stage.ts'
import { LateEdits } from './late-edit.ts'
import type { Need, Scenario } from './scenario.ts'

const CALM_MS = 1_500
/** Removals in one sleep. */
const KICKS = 20
/** How long people are waited for who can be put out, in ms. */
const CHECK_MS = 50

export const frozen: readonly Scenario[] = [
  row(5, [], {}),
  {
    // Longer than people wait for an answer, shorter than they take a connection for broken.
    ...row(20, [], {}),
    story:
      'a node stands still for 20 s; who changed a message through it gives up and changes it elsewhere, and the first change never comes to be',
    run: freezeLateEditors,
  },
  // Longer than a ping and its timeout: clients give up, and come back through nginx.
  row(60, ['nginx'], { front: true, store: 'postgres' }),
]

function row(seconds: number, needs: readonly Need[], stage: Partial<StageOptions>): Scenario {
  return {
    name: `frozen-${seconds}s`,
    story: `a node stands still for ${seconds} s while people on it are put out through the others`,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I11', 'I12'],
    needs,
    seed: 1,
    quick: seconds === 5,
    stage: { ours: 9, stock: 9, ...stage },
    figures: { unansweredSends: 0 },
    run: (on) => freeze(on, seconds * 1_000),
  }
}

async function freezeLateEditors(stage: Stage): Promise<void> {
  const node = stage.random.pick(stage.nodes)
  if (node === undefined) return
  const edits = await LateEdits.begin(stage, node)
  try {
    await freeze(stage, 20_000, node, async () => {
      const changed = await edits.change()
      stage.progress(`${changed} changed elsewhere what they had given up`)
      return changed > 0
    })
    await edits.judge()
  } finally {
    edits.stop()
  }
}

async function freeze(
  stage: Stage,
  ms: number,
  node = stage.random.pick(stage.nodes),
  meanwhile: () => Promise<boolean> = async () => true,
): Promise<void> {
  if (node === undefined) return
  await stage.sleep(CALM_MS)
  await stage.nemesis.strike('SIGSTOP', node.name, async () => {
    const held = await node.metric('madang_sockets')
    await node.freeze()
    const [kicks, isDone] = await Promise.all([kickFor(stage, ms), meanwhile()])
    stage.progress(`${kicks} were put out while ${node.name} with ${held} clients stood still`)
    node.thaw()
    return held > 0 && kicks > 0 && isDone && (await isAwake(node))
  })
  await stage.crowd.online()
  await stage.sleep(CALM_MS)
}

/** Resolves to how many are known to have been put out. */
async function kickFor({ crowd, keeper, random, sleep }: Stage, ms: number): Promise<number> {
  const until = performance.now() + ms
  const asked: Promise<boolean>[] = []
  for (let due = performance.now(); performance.now() < until; await sleep(CHECK_MS)) {
    if (performance.now() < due) continue
    const one = random.pick(crowd.all)
    if (one === undefined || !one.isMember(keeper.club)) continue
    asked.push(keeper.kick(keeper.club, one.person))
    due += ms / KICKS
  }
  return (await Promise.all(asked)).filter((isDone) => isDone).length
}

async function isAwake(node: StageNode): Promise<boolean> {
  await node.until('ready', 'degraded')
  return true
}
