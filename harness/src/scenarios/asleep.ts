/** Clients whose device stops them where they stand, and lets them go on much later, when the server has long given them up. */
import { Sleeper } from '../crowd/sleeper.ts'
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'

const CALM_MS = 1_500
const ASLEEP_MS = 60_000
const CHECK_MS = 100

export const asleep: readonly Scenario[] = [
  {
    name: 'client-asleep',
    story: `one of our clients and a stock one are asleep for ${ASLEEP_MS / 1_000} s; meanwhile one of them is put out of a channel`,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I11', 'I12'],
    needs: [],
    seed: 1,
    quick: false,
    stage: { nodes: 2, ours: 3, stock: 3, sendsPerSecond: 10 },
    figures: { unansweredSends: 0 },
    run: sleepAndWake,
  },
]

async function sleepAndWake(stage: Stage): Promise<void> {
  const { crowd, keeper, nemesis, nodes, sleep } = stage
  const sleepers = [await letIn(stage, 'ours'), await letIn(stage, 'stock')]
  await sleep(CALM_MS)
  await nemesis.strike('asleep', 'two clients', async () => {
    const held = async () => {
      const counts = nodes.map((node) => node.metric('madang_sockets'))
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
    }
    const before = await held()
    for (const one of sleepers) await one.sleep()
    const until = performance.now() + ASLEEP_MS
    const one = stage.random.pick(sleepers)
    // Of the hall, where it certainly is: the dice put people out of the club before.
    const isOut = one !== undefined && (await keeper.kick(keeper.hall, one.person))
    // The server learns it by its own timeout, and the others' connections are as before.
    while (performance.now() < until || (await held()) > before - sleepers.length)
      await sleep(CHECK_MS)
    for (const one of sleepers) one.wake()
    return isOut
  })
  await crowd.online()
  await sleep(CALM_MS)
}

async function letIn(
  { crowd, keeper, nodes, note }: Stage,
  kind: 'ours' | 'stock',
): Promise<Sleeper> {
  const who = `${kind}-sleeper`
  const { person, token } = await keeper.admit(who)
  const url = nodes[kind === 'ours' ? 0 : 1]?.url ?? ''
  const channels = [keeper.hall, keeper.club]
  const one = new Sleeper(kind, { who, url, person, token, channels, note })
  crowd.all.push(one)
  await one.start()
  return one
}
