/** Everybody comes back in the same moment. */
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'

const CALM_MS = 1_500
const WAVES = 3
/** The talk goes on for so long while everybody comes back. */
const TALK_MS = 1_000

export const storm: readonly Scenario[] = [
  {
    name: 'reconnect-storm',
    story: `the connections of all clients are reset in the same moment, ${WAVES} times; the nodes may make them wait`,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I11', 'I12'],
    needs: [],
    seed: 1,
    quick: false,
    stage: { proxied: ['clients'], ours: 60, stock: 60, sendsPerSecond: 20 },
    figures: { unansweredSends: 0, caughtUpMs: 30_000 },
    run: storms,
  },
]

async function storms(stage: Stage): Promise<void> {
  const { crowd, links, nemesis, sleep } = stage
  for (let wave = 0; wave < WAVES; wave++) {
    await sleep(CALM_MS)
    await nemesis.strike('reset', 'all clients', () => {
      const ended = links.clients.reduce((sum, proxy) => sum + proxy.reset(), 0)
      return ended >= crowd.all.length
    })
    await sleep(TALK_MS)
    // More talk would only measure how much of it one process of clients can hear while it connects.
    crowd.pause()
    await crowd.online()
    crowd.play()
  }
  await sleep(CALM_MS)
}
