/**
 * The same rolling restart with stock Socket.IO: three nodes behind the same nginx, replaced in place, the same number of clients, the same
 * rate, in the same run on the same machine. Its settings are the best that are known: nginx takes no node for dead, websockets only, sends
 * with retries, and with the streams adapter connection state recovery.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { redis } from '../../../tests/services/redis.ts'
import { evidenceOf } from '../checker/evidence.ts'
import { type Figures, figuresOf } from '../checker/figures.ts'
import { History } from '../history/history.ts'
import { CALM_MS } from '../scenarios/rolling.ts'
import { Front } from '../stage/front.ts'
import { Nemesis } from '../stage/nemesis.ts'
import { type Losses, lossesOf } from './losses.ts'
import type { BaselineAdapter } from './order.ts'
import { StockClient } from './stock-client.ts'
import { StockNode } from './stock-node.ts'

export interface BaselineOptions {
  readonly adapter: BaselineAdapter
  readonly signal: 'SIGTERM' | 'SIGKILL'
  readonly nodes: number
  readonly clients: number
  /** Of all clients together. */
  readonly sendsPerSecond: number
  readonly folder: string
  readonly progress: (line: string) => void
}

export interface BaselineRow {
  readonly figures: Figures
  readonly losses: Losses
  /** Connections that brought what was missed. */
  readonly recoveries: number
}

const TICK_MS = 15
const CHECK_MS = 100
/** A crowd that does not move for so long will not any more, in ms: longer than a retry. */
const STILL_MS_MAX = 10_000

export async function playBaseline(options: BaselineOptions): Promise<BaselineRow> {
  const { adapter, signal, progress } = options
  const closing: (() => unknown)[] = []
  const history = await History.open(join(options.folder, `${adapter}-${signal.toLowerCase()}`))
  closing.push(() => history.remove())
  closing.push(() => history.close())
  try {
    const { nodes, front } = await openFleet(options, closing)
    const note = history.source('crowd')
    const clients = Array.from(
      { length: options.clients },
      (_, at) => new StockClient(front.url, `stock-${at + 1}`, note),
    )
    closing.push(() => {
      for (const client of clients) client.stop()
    })
    for (const client of clients) await client.start()
    const stopLoad = load(clients, options.sendsPerSecond)
    closing.push(stopLoad)
    await roll(nodes, signal, new Nemesis(history.source('nemesis'), progress))
    stopLoad()
    await rest(clients, history)
    return {
      figures: figuresOf(evidenceOf(history.records)),
      losses: lossesOf(
        history.records,
        clients.map(({ who }) => who),
      ),
      recoveries: clients.reduce((sum, { recoveries }) => sum + recoveries, 0),
    }
  } finally {
    for (const close of closing.reverse()) await close()
  }
}

async function openFleet({ adapter, nodes: count }: BaselineOptions, closing: (() => unknown)[]) {
  const server = await redis.start()
  closing.push(() => server.stop())
  const nodes = Array.from(
    { length: count },
    (_, at) => new StockNode(`node-${at + 1}`, { adapter, redisUrl: server.url }),
  )
  for (const node of nodes) {
    closing.push(() => node.end('SIGKILL'))
    await node.start()
  }
  const folder = await mkdtemp(join(tmpdir(), 'madang-front-'))
  closing.push(() => rm(folder, { recursive: true, force: true }))
  const front = await Front.open(
    folder,
    nodes.map(({ port }) => `127.0.0.1:${port}`),
  )
  closing.push(() => front.stop())
  return { nodes, front }
}

async function roll(
  nodes: readonly StockNode[],
  signal: 'SIGTERM' | 'SIGKILL',
  nemesis: Nemesis,
): Promise<void> {
  await sleep(CALM_MS)
  for (const node of nodes) {
    await nemesis.strike(signal, node.name, async () => {
      const code = await node.end(signal)
      return signal === 'SIGKILL' ? code === null : code === 0
    })
    await node.start()
    await sleep(CALM_MS)
  }
}

/** Returns the way to stop it. */
function load(clients: readonly StockClient[], perSecond: number): () => void {
  const startedAt = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1_000) * perSecond
    for (; sent < due; sent += 1) clients[sent % clients.length]?.send()
  }, TICK_MS)
  return () => clearInterval(timer)
}

/** Until everybody is back and nothing waits, or nothing moves any more. */
async function rest(clients: readonly StockClient[], history: History): Promise<void> {
  let [still, before] = [performance.now(), -1]
  while (performance.now() - still < STILL_MS_MAX) {
    await sleep(CHECK_MS)
    if (history.records.length === before) {
      const isQuiet = clients.every((one) => one.isOnline() && one.waiting() === 0)
      // A second without anything, while everybody is there, is rest.
      if (isQuiet && performance.now() - still > 1_000) return
      continue
    }
    before = history.records.length
    still = performance.now()
  }
}
