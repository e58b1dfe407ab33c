/**
 * Hosts that vanish: nobody sends FIN or RST, nobody says that there is no way, and whoever is connected sends again and again into nothing. Each node is
 * in a network namespace of its own, whose cables are pulled. The nodes go on all the time, and reach the store, which is a file.
 */

import { sentAgain } from '../hosts/host.ts'
import type { BadNetwork } from '../hosts/netem.ts'
import type { StageNode } from '../stage/node.ts'
import type { Stage, StageOptions } from '../stage/stage.ts'
import { brokerStory, CALM_MS } from './broker-harm.ts'
import type { Scenario } from './scenario.ts'
import { total, until } from './wait.ts'

/** Shorter than a ping and the wait for its answer: nobody is sure yet. */
const BRIEF_MS = 20_000
const BROKER_GONE_MS = 15_000
const BAD_MS = 20_000
/** A stock client gives its connection up after 45 s, waits up to 5 s, and then up to 3 s for each node that does not answer nginx. */
const GIVEN_UP_MS = 60_000
const BAD: BadNetwork = { delayMs: 80, jitterMs: 30, lossPercent: 3, hastyPercent: 25 }
/** Of lines that people call bad. */
const LOSS_PERCENT = 5

export const hosts: readonly Scenario[] = [
  {
    ...row('host-vanishes', 'a host vanishes without a word until its clients have gone elsewhere'),
    needs: ['nginx'],
    stage: { hosts: true, front: true, ours: 6, stock: 6 },
    figures: { unansweredSends: 0, caughtUpMs: GIVEN_UP_MS },
    run: (stage) => vanish(stage, () => allElsewhere(stage)),
  },
  {
    ...row('host-vanishes-briefly', `a host vanishes for ${BRIEF_MS / 1_000} s and is back`),
    run: (stage) => vanish(stage, () => stage.sleep(BRIEF_MS)),
  },
  {
    ...brokerStory({
      name: 'broker-vanishes-for-one',
      story: `what one node and the broker say to each other is lost for ${BROKER_GONE_MS / 1_000} s`,
      broker: 'redis',
      need: 'redis',
      harm: loseBroker,
      stage: { hosts: true, nodes: 3 },
    }),
    quick: true,
  },
  {
    ...row(
      'bad-network',
      `all that nodes send and get is ${BAD.delayMs} ms late, give or take ${BAD.jitterMs}, overtakes, and ${BAD.lossPercent} % of it is lost, for ${BAD_MS / 1_000} s`,
    ),
    needs: ['netem'],
    run: (stage) =>
      worsen(stage, {
        begin: ({ host }) => host.worsen(BAD),
        end: ({ host }) => {
          const lost = host.lost()
          host.mend()
          return lost
        },
      }),
  },
  {
    ...row(
      'lossy-network',
      `${LOSS_PERCENT} % of all packets that nodes send and get are lost, for ${BAD_MS / 1_000} s`,
    ),
    needs: ['loss'],
    run: (stage) =>
      worsen(stage, {
        begin: ({ host }) => host.lose(LOSS_PERCENT),
        end: ({ host }) => host.loseNoMore(),
      }),
  },
]

type Row = Omit<Scenario, 'run'>

function row(name: string, story: string): Row {
  return {
    ...{ name, story },
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I9', 'I11', 'I12'],
    needs: [],
    seed: 1,
    quick: false,
    stage: { hosts: true, ours: 6, stock: 6 } satisfies Partial<StageOptions>,
    figures: { unansweredSends: 0 },
  }
}

/** `wait`: how long it is away. */
async function vanish(stage: Stage, wait: () => Promise<void>): Promise<void> {
  const [node] = stage.nodes
  if (node === undefined) return
  await stage.sleep(CALM_MS)
  await stage.nemesis.strike('vanished', node.name, async () => {
    const held = await node.metric('madang_sockets')
    const isLost = losing(node)
    node.host.pull()
    await wait()
    node.host.plug()
    await node.until('ready')
    return held > 0 && isLost()
  })
  await stage.crowd.online()
  await serves(stage, node)
}

/** Everybody is served by the other nodes, which they have to find out about by themselves. */
async function allElsewhere(stage: Stage): Promise<void> {
  const { awake, crowd } = stage
  await until(async () => {
    const counts = await Promise.all(awake.map((node) => node.metric('madang_sockets')))
    return counts.reduce((sum, count) => sum + count, 0) >= crowd.all.length
  })
}

/** Newcomers find it as it was. */
async function serves({ crowd, sleep }: Stage, node: StageNode): Promise<void> {
  await crowd.add('ours', 1, () => node.url)
  await crowd.add('stock', 1, () => node.url)
  await sleep(CALM_MS)
}

async function loseBroker(stage: Stage): Promise<void> {
  const [node] = stage.nodes
  if (node === undefined) return
  await stage.nemesis.strike('broker vanished', node.name, async () => {
    const isLost = losing(node)
    node.host.pull(['back'])
    await stage.sleep(BROKER_GONE_MS)
    // It found out by itself: nobody told it.
    await node.until('degraded')
    node.host.plug(['back'])
    await node.until('ready')
    return isLost()
  })
}

interface Weather {
  begin(node: StageNode): void
  /** Returns how many packets were lost. */
  end(node: StageNode): number
}

async function worsen(stage: Stage, { begin, end }: Weather): Promise<void> {
  const { nemesis, nodes, sleep } = stage
  await sleep(CALM_MS)
  await nemesis.strike('bad network', 'all nodes', async () => {
    const before = await total(stage, 'madang_feed_total', 'what="frame_received"')
    for (const node of nodes) begin(node)
    await sleep(BAD_MS)
    const lost = nodes.map(end)
    stage.progress(`${lost.join(', ')} packets were lost`)
    return lost.every((count) => count > 0) && (await stage.framesReceived()) > before
  })
  await stage.crowd.online()
  await sleep(CALM_MS)
}

/** Resolves later to whether the node's kernel had to send again what nobody acknowledged. */
function losing({ pid }: StageNode): () => boolean {
  const before = sentAgain(pid)
  return () => sentAgain(pid) > before
}
