/** A Redis Cluster of a size of one's choice, and what a Redis says of itself. */
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Running } from '../../../tests/services/part.ts'
import { redis } from '../../../tests/services/redis.ts'
import { freePort } from '../../../tests/services/server-process.ts'

const SLOTS = 16_384
const CHECK_EVERY_MS = 50
const START_ATTEMPTS = 3
const READY_TIMEOUT_MS = 30_000
/** Nodes ask each other once a second, and more often where half of this is over: so long, gossip is one even stream that can be taken off. */
const NODE_TIMEOUT_MS = 60_000

export interface RedisNode {
  readonly running: Running
  readonly busPort: number
  /** For questions, apart from what is measured. */
  readonly client: Redis
}

export interface ClusterSize {
  readonly masters: number
  readonly replicasEach: number
}

/** Resolves when every node says that all is well, and every replica has its master's data. */
export async function startCluster({
  masters,
  replicasEach,
}: ClusterSize): Promise<readonly RedisNode[]> {
  const nodes: RedisNode[] = []
  try {
    for (let index = 0; index < masters * (1 + replicasEach); index++)
      nodes.push(await startSurely(index))
    await Promise.all(
      nodes.slice(0, masters).map(({ client }, index) => client.call(...slots(index, masters))),
    )
    await meet(nodes)
    const ids = await Promise.all(nodes.map(({ client }) => client.call('CLUSTER', 'MYID')))
    await Promise.all(
      nodes.slice(masters).map(async ({ client }, index) => {
        await until(() => client.call('CLUSTER', 'REPLICATE', String(ids[index % masters])))
      }),
    )
    await Promise.all(nodes.map((node, index) => until(() => isWell(node, index >= masters))))
    return nodes
  } catch (error) {
    await stopNodes(nodes)
    throw error
  }
}

export async function stopNodes(nodes: readonly RedisNode[]): Promise<void> {
  for (const { client } of nodes) client.disconnect()
  await Promise.all(nodes.map(({ running }) => running.stop()))
}

/** A client that asks about the server and gives nobody a reason to worry when it ends. */
export function askingClient({ port }: Running): Redis {
  const client = new Redis(port, '127.0.0.1')
  client.on('error', () => undefined)
  return client
}

/** A port that was free a moment ago may be somebody's by now. */
async function startSurely(index: number): Promise<RedisNode> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startNode(index)
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error
    }
  }
}

async function startNode(index: number): Promise<RedisNode> {
  // Its default, 10,000 above the other port, may be none at all.
  const busPort = await freePort()
  const running = await redis.start({
    args: [
      ...['--cluster-enabled', 'yes', '--cluster-port', String(busPort)],
      // A node that never met another does not know its address, and would tell clients none.
      ...['--cluster-announce-ip', '127.0.0.1'],
      ...['--cluster-node-timeout', String(NODE_TIMEOUT_MS), '--repl-diskless-sync-delay', '0'],
    ],
  })
  const client = askingClient(running)
  await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
  return { running, busPort, client }
}

function slots(index: number, masters: number): [string, string, string, string] {
  const from = Math.floor((index * SLOTS) / masters)
  const to = Math.floor(((index + 1) * SLOTS) / masters) - 1
  return ['CLUSTER', 'ADDSLOTSRANGE', String(from), String(to)]
}

async function meet(nodes: readonly RedisNode[]): Promise<void> {
  const [first, ...others] = nodes
  for (const { running, busPort } of others) {
    const address = ['127.0.0.1', String(running.port), String(busPort)]
    await first?.client.call('CLUSTER', 'MEET', ...address)
  }
  const knowsAll = async ({ client }: RedisNode): Promise<void> => {
    const info = String(await client.call('CLUSTER', 'INFO'))
    if (!info.includes(`cluster_known_nodes:${nodes.length}\r`)) throw new Error(info)
  }
  await Promise.all(nodes.map((node) => until(() => knowsAll(node))))
}

async function isWell({ client }: RedisNode, isReplica: boolean): Promise<void> {
  const info = String(await client.call('CLUSTER', 'INFO'))
  if (!info.includes('cluster_state:ok')) throw new Error(info)
  if (!info.includes('cluster_slots_ok:16384')) throw new Error(info)
  const replication = await client.info('replication')
  if (isReplica && !replication.includes('master_link_status:up')) throw new Error(replication)
}

/** Asks again until the answer is no error. */
async function until(ask: () => Promise<unknown>): Promise<void> {
  const untilMs = performance.now() + READY_TIMEOUT_MS
  for (;;) {
    try {
      await ask()
      return
    } catch (error) {
      if (performance.now() > untilMs) throw error
      await wait(CHECK_EVERY_MS)
    }
  }
}
