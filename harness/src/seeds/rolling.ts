/** Three nodes behind nginx, ended and started again one by one while stock clients talk: what they were shown, and what each node said meanwhile. */
import { setTimeout as wait } from 'node:timers/promises'
import { redis } from '../../../tests/services/redis.ts'
import { type Ground, type Node, until } from './ground.ts'
import { metricOf, readinessOf } from './pages.ts'
import { PlainPeople, type PlainSeen } from './plain.ts'

const askEveryMs = 40
/** Over how long a node moves its people elsewhere, in s. */
const drainSeconds = 2
const plainEveryMs = 100
/** A stock client waits longer. */
const knockAgainMs = 500

export interface Rolling {
  readonly plain: PlainSeen
  /** What each node said while it was updated, without repetitions: '200 ready', '503 not_ready', 'gone', ... */
  readonly readiness: readonly (readonly string[])[]
  /** Whether the others were ready meanwhile. */
  readonly othersReady: boolean
  /** Newcomers who knocked at nginx while nodes were updated: let in, those of them who had to knock again, by status, and those who were turned away then, too. */
  readonly newcomers: {
    readonly came: number
    readonly again: readonly number[]
    readonly refused: readonly number[]
  }
}

export async function threeNodes(ground: Ground) {
  const carrier = ground.keep(await redis.start())
  const nodes: Node[] = []
  for (const at of [1, 2, 3]) {
    const env = {
      REDIS_URL: carrier.url,
      TRUST_PROXY: '1',
      NODE_ID: `node-${at}`,
      DRAIN_SECONDS: String(drainSeconds),
      DIALECTS: 'rooms',
    }
    nodes.push(await ground.node(env, { data: 'three-nodes' }))
  }
  for (const { url } of nodes)
    await until(`${url} ready`, async () => isReady(await readinessOf(url)))
  const urls = nodes.map(({ url }) => url)
  const proxy = await ground.nginx({ file: 'round-robin.conf' }, urls)
  return { nodes, proxy }
}

const isReady = (readiness: string): boolean => readiness === '200 ready'

/** How many connections each node has. */
export function socketsAt(nodes: readonly Node[]): Promise<readonly number[]> {
  return Promise.all(nodes.map(async ({ url }) => (await metricOf(url, 'madang_sockets')) || 0))
}

/** Restarts one node after the other; `meanwhile` is told of each look at the readiness of all. */
export async function restartAll(
  nodes: readonly Node[],
  lifeMs: number,
  meanwhile: (at: number, readiness: readonly string[]) => Promise<void>,
): Promise<void> {
  for (const [at, node] of nodes.entries()) {
    const look = async () => {
      await meanwhile(at, await Promise.all(nodes.map(({ url }) => readinessOf(url))))
    }
    await look()
    let isGone = false
    node.server.signal('SIGTERM')
    const gone = node.server.exited().then(() => {
      isGone = true
    })
    while (!isGone) {
      await look()
      await wait(askEveryMs)
    }
    await gone
    await look()
    await node.restart()
    await until('the node ready again', async () => isReady(await readinessOf(node.url)))
    await look()
    await wait(lifeMs)
  }
}

export async function roll(ground: Ground): Promise<Rolling> {
  const { nodes, proxy } = await ground.once(threeNodes)
  const each = ground.size(8, 4)
  const plain = await PlainPeople.comeIn(ground, proxy.url, 'deploy', each)
  const readiness = nodes.map((): string[] => [])
  const newcomers = { came: 0, again: [] as number[], refused: [] as number[] }
  let othersReady = true
  plain.talk(plainEveryMs)
  const lifeMs = ground.size(1_500, 500)
  await wait(lifeMs)
  await restartAll(nodes, lifeMs, async (at, all) => {
    const told = readiness[at] ?? []
    if (told.at(-1) !== all[at]) told.push(all[at] ?? '')
    othersReady &&= all.every((one, other) => other === at || isReady(one))
    let status = await knock(proxy.url)
    if (status !== 200) {
      newcomers.again.push(status)
      await wait(knockAgainMs)
      status = await knock(proxy.url)
    }
    if (status === 200) newcomers.came++
    else newcomers.refused.push(status)
  })
  await plain.rest()
  return { plain: plain.judge(), readiness, othersReady, newcomers }
}

/** A handshake of Engine.IO, and no more. */
async function knock(url: string): Promise<number> {
  const answer = await fetch(`${url}/socket.io/?EIO=4&transport=polling`).catch(() => undefined)
  await answer?.text()
  return answer?.status ?? 0
}
