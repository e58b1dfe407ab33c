/** What happens to a Redis that carries frames between nodes: nobody misses anything, because everybody looks into the store as well. */
import { tell } from '../../../tests/services/redis-talk.ts'
import type { Stage } from '../stage/stage.ts'
import {
  AWAY_REPAIRED_MS,
  type BrokerStory,
  brokerStory,
  FROZEN_MS,
  restartedAgain,
  serverOf,
  standsStill,
} from './broker-harm.ts'
import type { Scenario } from './scenario.ts'
import { total, until } from './wait.ts'

const CUTS = 6
const CUT_MS = 400
const AWAY_MS = 4_000

export const redisFaults: readonly Scenario[] = [
  row('cut', `the connections that listen are cut ${CUTS} times, by the server`, {
    harm: cut,
    repairedMs: AWAY_REPAIRED_MS,
  }),
  row('reset', `the connections of one node are reset ${CUTS} times, by the network`, {
    harm: reset,
    repairedMs: AWAY_REPAIRED_MS,
    stage: { proxied: ['broker'] },
  }),
  row(
    'cut-off',
    `one node is cut off for ${AWAY_MS / 1_000} s, then hears nothing for ${FROZEN_MS / 1_000} s`,
    {
      harm: cutOff,
      stage: { proxied: ['broker'] },
    },
  ),
  row('frozen', `it stands still for ${FROZEN_MS / 1_000} s, its connections open`, {
    harm: standsStill,
  }),
  row('asleep', `it is busy with something else for ${FROZEN_MS / 1_000} s (DEBUG SLEEP)`, {
    harm: asleep,
  }),
  row('restarted', 'it dies three times and is back at once, empty', {
    harm: (stage) => restartedAgain(stage, CUT_MS),
    repairedMs: AWAY_REPAIRED_MS,
  }),
  row('overflow', 'a node that stands still is cut for what waits for it, and goes on', {
    harm: overflow,
  }),
  row('stranger', 'somebody else publishes rubbish, and halves of real frames, to every channel', {
    harm: stranger,
    repairedMs: AWAY_REPAIRED_MS,
  }),
]

function row(
  name: string,
  story: string,
  rest: Pick<BrokerStory, 'harm' | 'repairedMs' | 'stage'>,
): Scenario {
  return brokerStory({ name: `redis-${name}`, broker: 'redis', story, need: 'redis', ...rest })
}

async function cut(stage: Stage): Promise<void> {
  const { port } = serverOf(stage)
  for (let cuts = 0; cuts < CUTS; cuts++) {
    await stage.nemesis.strike('CLIENT KILL', 'redis', async () => {
      // Those who were cut a moment ago may not be back yet.
      await until(async () => Number(await tell(port, 'CLIENT KILL TYPE pubsub')) > 0)
      return true
    })
    await stage.sleep(CUT_MS * (0.5 + stage.random.next()))
  }
}

async function reset(stage: Stage): Promise<void> {
  for (let cuts = 0; cuts < CUTS; cuts++) {
    const link = stage.random.pick(stage.links.broker)
    if (link === undefined) throw new Error('nothing lies between')
    await stage.nemesis.strike('reset', link.name, async () => {
      await until(() => link.reset() > 0)
      return true
    })
    await stage.sleep(CUT_MS * (0.5 + stage.random.next()))
  }
}

async function cutOff(stage: Stage): Promise<void> {
  const [link] = stage.links.broker
  const [node] = stage.nodes
  if (link === undefined || node === undefined) throw new Error('nothing lies between')
  for (const path of ['refused', 'silent'] as const) {
    await stage.nemesis.strike(path, link.name, async () => {
      await link.set({ path })
      await stage.sleep(path === 'refused' ? AWAY_MS : FROZEN_MS)
      await node.until('degraded')
      await link.fair()
      await node.until('ready')
      return true
    })
  }
}

async function asleep(stage: Stage): Promise<void> {
  const { port } = serverOf(stage)
  await stage.nemesis.strike('DEBUG SLEEP', 'redis', async () => {
    const startedAt = performance.now()
    const said = await tell(port, `DEBUG SLEEP ${FROZEN_MS / 1_000}`)
    return said === 'OK' && performance.now() - startedAt >= FROZEN_MS
  })
}

const FLOOD_BYTES = 262_144
const BUFFER = 'client-output-buffer-limit'

/** What the kernels hold for a process that does not read comes on top of the limit: the flood goes on until the server has cut it. */
async function overflow(stage: Stage): Promise<void> {
  const { port } = serverOf(stage)
  const [node] = stage.nodes
  if (node === undefined) throw new Error('there is no node')
  await tell(port, ['CONFIG', 'SET', BUFFER, 'pubsub 256kb 0 0'])
  await stage.nemesis.strike('overflow', node.name, async () => {
    const [channel = ''] = await channelsOf(port)
    const listeners = async () => (await tell(port, 'CLIENT LIST TYPE pubsub')).split('\n').length
    const before = await listeners()
    await node.freeze()
    try {
      await until(async () => {
        await tell(port, ['PUBLISH', channel, Buffer.alloc(FLOOD_BYTES)])
        return (await listeners()) < before
      })
    } finally {
      node.thaw()
    }
    await until(async () => (await listeners()) === before)
    return true
  })
  await tell(port, ['CONFIG', 'SET', BUFFER, 'pubsub 32mb 8mb 60'])
}

const RUBBISH = 200

async function stranger(stage: Stage): Promise<void> {
  const { port } = serverOf(stage)
  const { random } = stage
  const any = (count: number) => Buffer.from(Array.from({ length: count }, () => random.below(256)))
  await stage.nemesis.strike('rubbish', 'all channels', async () => {
    const channels = await channelsOf(port)
    for (let said = 0; said < RUBBISH; said++) {
      const channel = random.pick(channels) ?? ''
      // Every second one is wrapped as ours are, by a node that is not there, and breaks off.
      const ours = Buffer.concat([
        Buffer.from([0x6d, 1]),
        any(8),
        Buffer.from([1, 1]),
        halfOf(random.below(60)),
      ])
      await tell(port, ['PUBLISH', channel, said % 2 === 0 ? ours : any(random.below(80))])
    }
    const malformed = () => total(stage, 'madang_feed_total', 'what="frame_malformed"')
    await until(async () => (await malformed()) > 0)
    return true
  })
}

const halfOf = (bytes: number): Buffer =>
  Buffer.from('{"channelId":"01a1ffd8-11b5-7416-9237-64ff186b693a","events":[{"seq":1}]}').subarray(
    0,
    bytes,
  )

/** Those that a node listens to. */
async function channelsOf(port: number): Promise<string[]> {
  const said = await tell(port, [
    'EVAL',
    `return table.concat(redis.call('PUBSUB', 'CHANNELS'), '\\n')`,
    '0',
  ])
  return said.split('\n')
}
