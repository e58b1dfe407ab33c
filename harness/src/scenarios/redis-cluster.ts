/** What happens to a Redis Cluster that carries frames between nodes, while they are being carried. */
import type { ClusterNode, RedisCluster } from '../../../tests/services/redis-cluster.ts'
import { tell } from '../../../tests/services/redis-talk.ts'
import type { Stage } from '../stage/stage.ts'
import { brokerStory, CALM_MS } from './broker-harm.ts'
import type { Scenario } from './scenario.ts'
import { until } from './wait.ts'

type Harm = (stage: Stage, cluster: RedisCluster) => Promise<void>

export const redisClusterFaults: readonly Scenario[] = [
  row('failover', 'every master hands over to its replica, in agreement', failover),
  row('master-killed', 'a master is killed, its replica takes over, and it comes back', killed),
  row('slots-moved', 'the slots of all channels move to another master, one by one', moved),
]

function row(name: string, story: string, harm: Harm): Scenario {
  const broker = 'redis-cluster'
  return brokerStory({
    ...{ name: `${broker}-${name}`, broker, story, need: 'redis' },
    harm(stage) {
      const { cluster } = stage.broker
      if (cluster === undefined) throw new Error('this story is about a cluster')
      return harm(stage, cluster)
    },
  })
}

async function failover(stage: Stage, cluster: RedisCluster): Promise<void> {
  for (const master of await cluster.masters()) {
    await stage.nemesis.strike('CLUSTER FAILOVER', nameOf(master), async () => {
      await cluster.failover(master)
      // The others hear of it a little later.
      await until(async () => !(await cluster.masters()).includes(master))
      return true
    })
  }
  await cluster.waitReady()
}

async function killed(stage: Stage, cluster: RedisCluster): Promise<void> {
  const [channel = ''] = await channelsOf(cluster)
  const master = await cluster.masterOf(await slotOf(cluster, channel))
  await stage.nemesis.strike('SIGKILL', nameOf(master), async () => {
    await cluster.killMaster(master)
    await stage.sleep(CALM_MS)
    await master.server.restart()
    await cluster.waitReady()
    return !(await cluster.masters()).includes(master)
  })
}

async function moved(stage: Stage, cluster: RedisCluster): Promise<void> {
  for (const channel of await channelsOf(cluster)) {
    const slot = await slotOf(cluster, channel)
    const from = await cluster.masterOf(slot)
    const to = stage.random.pick((await cluster.masters()).filter((one) => one !== from))
    if (to === undefined) throw new Error('there is no other master')
    await stage.nemesis.strike('SETSLOT', `${slot}`, async () => {
      await cluster.moveSlot(slot, to)
      return (await cluster.masterOf(slot)) === to
    })
  }
}

const nameOf = ({ server }: ClusterNode): string => `master at ${server.port}`

async function slotOf({ nodes }: RedisCluster, channel: string): Promise<number> {
  return Number(await tell(nodes[0]?.server.port ?? 0, ['CLUSTER', 'KEYSLOT', channel]))
}

/** Shard channels that nodes listen to. */
async function channelsOf(cluster: RedisCluster): Promise<string[]> {
  const script = `return table.concat(redis.call('PUBSUB', 'SHARDCHANNELS'), '\\n')`
  const lists = (await cluster.masters()).map(({ server }) =>
    tell(server.port, ['EVAL', script, '0']),
  )
  return (await Promise.all(lists)).flatMap((list) =>
    list.split('\n').filter((name) => name !== ''),
  )
}
