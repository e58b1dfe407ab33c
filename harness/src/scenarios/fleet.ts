/** Whole fleets, and large nodes, that are killed without a word. */
import type { Stage } from '../stage/stage.ts'
import { killInTheMiddle } from './in-the-middle.ts'
import type { Scenario } from './scenario.ts'

const CALM_MS = 1_500
/** Sends go on for so long into the void. */
const VOID_MS = 300
const KILLS = 2

export const fleet: readonly Scenario[] = [
  {
    name: 'killed-all-at-once',
    story: `all nodes are killed in the same moment, and started again together, ${KILLS} times`,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I11', 'I12'],
    needs: [],
    seed: 1,
    quick: true,
    stage: { ours: 6, stock: 6, sendsPerSecond: 80 },
    figures: { unansweredSends: 0 },
    run: killAll,
  },
  {
    name: 'killed-with-a-thousand',
    story: 'a node is killed on which 1,000 clients are; two others take them in',
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7'],
    needs: ['nginx'],
    seed: 1,
    quick: false,
    // Everybody hears everything: with so many, few sends are many deliveries.
    stage: { nodes: 1, front: true, ours: 30, stock: 970, sendsPerSecond: 4 },
    figures: { unansweredSends: 0, caughtUpMs: 5_000 },
    run: killTheLarge,
  },
]

async function killAll(stage: Stage): Promise<void> {
  for (let kill = 0; kill < KILLS; kill++) {
    await stage.sleep(CALM_MS)
    await stage.nemesis.strike('SIGKILL', 'all nodes', () => killInTheMiddle(stage, stage.nodes))
    await stage.sleep(VOID_MS)
    // More would only measure how fast this machine starts processes.
    stage.crowd.pause()
    await Promise.all(stage.nodes.map((node) => node.start()))
    await stage.crowd.online()
    stage.crowd.play()
  }
  await stage.sleep(CALM_MS)
}

async function killTheLarge(stage: Stage): Promise<void> {
  const [large] = stage.nodes
  if (large === undefined) return
  const others = [await stage.addNode(), await stage.addNode()]
  await stage.sleep(CALM_MS)
  await stage.nemesis.strike('SIGKILL', large.name, async () => {
    const held = await large.metric('madang_sockets')
    stage.progress(`${held} clients are on ${large.name}`)
    return (await large.end('SIGKILL')) === null && held >= stage.crowd.all.length
  })
  await stage.crowd.online()
  const counts = await Promise.all(others.map((node) => node.metric('madang_sockets')))
  stage.progress(`${counts.join(' and ')} are on the others`)
  await large.start()
  await stage.sleep(CALM_MS)
}
