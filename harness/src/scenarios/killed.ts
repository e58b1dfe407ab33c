/** Nodes that are killed without a word, and started again at once. */
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'

const KILLS = 10
const LIFE_MS = 1_000
/** Sends go on for a moment into the void; more would only measure how fast this machine starts a process. */
const VOID_MS = 300
const CALM_MS = 2_000

export const killed: readonly Scenario[] = [
  {
    name: 'killed-ten-times',
    story: `one node is killed ${KILLS} times in the middle of what it does, and started again`,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I12'],
    needs: [],
    seed: 1,
    quick: true,
    stage: { nodes: 1, broker: 'none', ours: 4, stock: 2, sendsPerSecond: 200 },
    figures: { unansweredSends: 0 },
    run: killAgainAndAgain,
  },
  {
    name: 'killed-among-a-thousand',
    story: 'one of three nodes behind nginx is killed while a thousand clients are connected',
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I12'],
    needs: ['nginx'],
    seed: 1,
    quick: false,
    stage: { nodes: 3, front: true, ours: 500, stock: 500, sendsPerSecond: 5 },
    figures: { unansweredSends: 0, caughtUpMs: 5_000 },
    run: killOne,
  },
]

async function killAgainAndAgain(stage: Stage): Promise<void> {
  const [node] = stage.nodes
  for (let kill = 0; node !== undefined && kill < KILLS; kill++) {
    await stage.sleep(LIFE_MS)
    await stage.nemesis.strike(
      'SIGKILL',
      node.name,
      async () => (await node.end('SIGKILL')) === null,
    )
    await stage.sleep(VOID_MS)
    stage.crowd.pause()
    await node.start()
    await stage.crowd.online()
    stage.crowd.play()
  }
}

async function killOne(stage: Stage): Promise<void> {
  await stage.sleep(CALM_MS)
  const [node] = stage.nodes
  if (node === undefined) return
  await stage.nemesis.strike('SIGKILL', node.name, async () => (await node.end('SIGKILL')) === null)
  // They come back by themselves: to press the button for them would spoil the figure.
  while (stage.crowd.onlineCount() < stage.crowd.all.length) await stage.sleep(CALM_MS / 10)
  await stage.sleep(CALM_MS)
  await node.start()
}
