// A Redis Cluster on loopback: three masters and a replica of each, and what can happen to them.
import { setTimeout as wait } from 'node:timers/promises'
import type { Running } from './part.ts'
import { redis } from './redis.ts'
import { tell } from './redis-talk.ts'
import { freePort } from './server-process.ts'

const SLOTS = 16_384
const MASTERS = 3
/** How long a server may be silent before the others call it dead. */
const NODE_TIMEOUT_MS = 1_500
const READY_TIMEOUT_MS = 60_000
/** Servers that are too slow give a failover in agreement up after five seconds, without a word: it is asked for again. */
const FAILOVER_TIMEOUT_MS = 6_000
const CHECK_MS = 25

export interface ClusterNode {
  readonly server: Running
  readonly id: string
  /** Where the other nodes reach it. */
  readonly busPort: number
}

export class RedisCluster {
  readonly nodes: readonly ClusterNode[]

  private constructor(nodes: readonly ClusterNode[]) {
    this.nodes = nodes
  }

  static async start(): Promise<RedisCluster> {
    const nodes: ClusterNode[] = []
    try {
      for (let i = 0; i < MASTERS * 2; i++) nodes.push(await startNode())
      const cluster = new RedisCluster(nodes)
      await cluster.#join()
      await cluster.waitReady()
      return cluster
    } catch (error) {
      await Promise.all(nodes.map(({ server }) => server.stop()))
      throw error
    }
  }

  get urls(): readonly string[] {
    return this.nodes.map(({ server }) => server.url)
  }

  /** Every node that is a master now and serves slots, as the first one that answers sees it. */
  async masters(): Promise<readonly ClusterNode[]> {
    const lines = await this.#lines()
    return lines.filter((line) => line.isMaster && line.slots.length > 0).map((line) => line.node)
  }

  async masterOf(slot: number): Promise<ClusterNode> {
    const lines = await this.#lines()
    const owner = lines.find(({ slots }) => slots.some(([a, b]) => a <= slot && slot <= b))
    if (owner === undefined) throw new Error(`nobody serves slot ${slot}`)
    return owner.node
  }

  /** The replica of a master. */
  async replicaOf(master: ClusterNode): Promise<ClusterNode> {
    const lines = await this.#lines()
    const replica = lines.find((line) => line.masterId === master.id)
    if (replica === undefined) throw new Error(`${master.id} has no replica`)
    return replica.node
  }

  /** Makes the replica of a master its master, in agreement. Resolves when it is. */
  async failover(master: ClusterNode): Promise<void> {
    const replica = await this.replicaOf(master)
    let askedAt = Number.NEGATIVE_INFINITY
    await this.#until('the replica took over', async () => {
      if (await isMaster(replica)) return true
      if (performance.now() - askedAt < FAILOVER_TIMEOUT_MS) return false
      askedAt = performance.now()
      return tell(replica.server.port, 'CLUSTER FAILOVER').then(() => false)
    })
  }

  /** Kills a master as a crash would. Resolves when its replica has taken over. */
  async killMaster(master: ClusterNode): Promise<void> {
    const replica = await this.replicaOf(master)
    await master.server.kill()
    await this.#until('the replica took over', () => isMaster(replica))
  }

  /** Moves one slot to another master, as resharding does. */
  async moveSlot(slot: number, to: ClusterNode): Promise<void> {
    const from = await this.masterOf(slot)
    await tell(to.server.port, `CLUSTER SETSLOT ${slot} IMPORTING ${from.id}`)
    await tell(from.server.port, `CLUSTER SETSLOT ${slot} MIGRATING ${to.id}`)
    for (const { server } of [to, from, ...(await this.masters())]) {
      await tell(server.port, `CLUSTER SETSLOT ${slot} NODE ${to.id}`)
    }
  }

  /** Resolves when every node says that all is well, every replica follows its master, and all agree who serves what. */
  async waitReady(): Promise<void> {
    await this.#until('the cluster is ready', async () => {
      const views = await Promise.all(this.nodes.map((node) => viewOf(node)))
      return views.every((view) => view !== undefined && view === views[0])
    })
  }

  /** Kills every node. */
  async kill(): Promise<void> {
    await Promise.all(this.nodes.map(({ server }) => server.kill()))
  }

  /** Starts every node again that is not running. */
  async restart(): Promise<void> {
    await Promise.all(this.nodes.map(({ server }) => (server.pid === 0 ? server.restart() : null)))
    await this.waitReady()
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(({ server }) => server.stop()))
  }

  async #join(): Promise<void> {
    const masters = this.nodes.slice(0, MASTERS)
    for (const [i, { server }] of this.nodes.entries()) {
      await tell(server.port, `CLUSTER SET-CONFIG-EPOCH ${i + 1}`)
    }
    for (const [i, { server }] of masters.entries()) {
      const from = Math.floor((i * SLOTS) / MASTERS)
      const to = Math.floor(((i + 1) * SLOTS) / MASTERS) - 1
      await tell(server.port, `CLUSTER ADDSLOTSRANGE ${from} ${to}`)
    }
    const [first, ...others] = this.nodes
    for (const { server, busPort } of others) {
      await tell(first?.server.port ?? 0, `CLUSTER MEET 127.0.0.1 ${server.port} ${busPort}`)
    }
    for (const [i, { server }] of this.nodes.slice(MASTERS).entries()) {
      await this.#until('a replica knows its master', () =>
        tell(server.port, `CLUSTER REPLICATE ${masters[i]?.id}`).then(
          () => true,
          () => false,
        ),
      )
    }
  }

  /** What the first node that answers knows. */
  async #lines(): Promise<readonly NodeLine[]> {
    for (const { server } of this.nodes) {
      const text = server.pid === 0 ? undefined : await tell(server.port, 'CLUSTER NODES')
      if (text !== undefined) return this.#read(text)
    }
    throw new Error('no node is running')
  }

  #read(text: string): readonly NodeLine[] {
    return text
      .trim()
      .split('\n')
      .flatMap((line) => {
        const [id = '', , flags = '', masterId = '', , , , , ...slots] = line.split(' ')
        const node = this.nodes.find((each) => each.id === id)
        if (node === undefined) return []
        return [{ node, isMaster: flags.includes('master'), masterId, slots: rangesOf(slots) }]
      })
  }

  async #until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    const untilMs = performance.now() + READY_TIMEOUT_MS
    while (performance.now() < untilMs) {
      if (await isSo().catch(() => false)) return
      await wait(CHECK_MS)
    }
    throw new Error(`waited ${READY_TIMEOUT_MS} ms in vain until ${what}`)
  }
}

interface NodeLine {
  readonly node: ClusterNode
  readonly isMaster: boolean
  readonly masterId: string
  readonly slots: readonly (readonly [number, number])[]
}

async function startNode(): Promise<ClusterNode> {
  const busPort = await freePort()
  const server = await redis.start({
    args: [
      ...['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf'],
      ...['--cluster-node-timeout', String(NODE_TIMEOUT_MS), '--cluster-port', String(busPort)],
      ...['--cluster-announce-ip', '127.0.0.1', '--repl-diskless-sync-delay', '0'],
    ],
  })
  return { server, id: await tell(server.port, 'CLUSTER MYID'), busPort }
}

const isMaster = async ({ server }: ClusterNode): Promise<boolean> =>
  /^role:master/m.test(await tell(server.port, 'INFO replication'))

/** What a node that is well knows of who serves what; undefined while it is not well, or not in step. */
async function viewOf({ server }: ClusterNode): Promise<string | undefined> {
  const info = await tell(server.port, 'CLUSTER INFO')
  const replication = await tell(server.port, 'INFO replication')
  const isWell =
    info.includes('cluster_state:ok') &&
    info.includes(`cluster_known_nodes:${MASTERS * 2}`) &&
    (replication.includes('role:master')
      ? replication.includes('connected_slaves:1')
      : replication.includes('master_link_status:up'))
  if (!isWell) return undefined
  const nodes = await tell(server.port, 'CLUSTER NODES')
  if (/\bfail\b|fail\?|handshake|noaddr/.test(nodes)) return undefined
  return nodes
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([id, , flags = '', masterId, , , , , ...slots]) =>
      [id, flags.replace('myself,', ''), masterId, ...slots].join(' '),
    )
    .sort()
    .join('\n')
}

function rangesOf(slots: readonly string[]): (readonly [number, number])[] {
  return slots
    .filter((one) => !one.startsWith('['))
    .map((one) => {
      const [first = '', last = first] = one.split('-')
      return [Number(first), Number(last)] as const
    })
}
