/** Several nodes over one store and one broker, with people at each; the broker may go away in the middle. Nobody may notice more than a delay. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type SpawnedServer, spawnServer } from '@madang/server/testing'
import { readLog } from '../audit.ts'
import { Delays } from '../crowd/delays.ts'
import { Load } from '../crowd/load.ts'
import { OurParticipant } from '../crowd/ours.ts'
import type { Participant } from '../crowd/participant.ts'
import { allOnline, atRest } from '../crowd/rest.ts'
import { StockParticipant } from '../crowd/stock.ts'
import { judge, type Verdict } from '../ledger.ts'

/** The broker's server, or one of its servers. */
export interface Outage {
  cut(): Promise<void>
  heal(): Promise<void>
  /** How long it is away, in ms. */
  readonly awayMs: number
}

export interface SeveralNodesOptions {
  readonly nodes: number
  /** How a node finds the broker and the store: `REDIS_URL`, `NATS_URL`, `DATABASE_URL`; without a broker each is alone over the store. */
  readonly env: Readonly<Record<string, string>>
  readonly outage?: Outage
  readonly sendsPerSecond: number
  /** Before the outage, and again after it, in ms. */
  readonly lifeMs: number
  /** How long the clients get at the end to come to rest, in ms. */
  readonly restMsMax: number
  readonly progress: (line: string) => void
}

export interface SeveralNodesReport {
  readonly verdict: Verdict
  readonly acknowledged: number
  readonly messages: number
  /** What `/health/readiness` of the first node said: at the start, while the broker was away, at the end. */
  readonly readiness: readonly string[]
  /** Frames that the nodes had from each other. */
  readonly framesReceived: number
  /** From a send until somebody else showed it. */
  readonly medianDelayMs: number
  readonly longestDelayMs: number
}

export async function severalNodes(options: SeveralNodesOptions): Promise<SeveralNodesReport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'madang-several-'))
  const env = { RATE_SCALE: '100', ...options.env }
  const nodes: SpawnedServer[] = []
  const crowd: Participant[] = []
  const delays = new Delays()
  try {
    // One after the other: the first makes what a fresh store needs.
    for (let i = 0; i < options.nodes; i++) nodes.push(await spawnServer({ dataDir, env }))
    await ready(nodes)
    await checkStore(env, dataDir)
    for (const [at, { url }] of nodes.entries()) {
      crowd.push(new OurParticipant(url, `ours-${at + 1}`, delays))
      crowd.push(new StockParticipant(url, `stock-${at + 1}`, delays))
    }
    const [first] = nodes
    if (first === undefined) throw new Error('there is no node')
    for (const participant of crowd) await participant.start()
    const readiness = await play(first, nodes, crowd, options)
    const log = await readLog(first.url)
    const { medianMs, longestMs } = delays.summary()
    const senders = crowd.map((one) => one.sender())
    const readers = crowd.map((one) => one.reader())
    return {
      verdict: judge({ log, senders, readers }),
      acknowledged: senders.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0),
      messages: log.length,
      readiness,
      framesReceived: await framesReceived(nodes),
      medianDelayMs: medianMs,
      longestDelayMs: longestMs,
    }
  } finally {
    for (const participant of crowd) await participant.stop()
    for (const node of nodes) await node.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Nodes that do not know of a database would keep everything in the data folder, and prove nothing about it. */
async function checkStore(env: Readonly<Record<string, string>>, dataDir: string): Promise<void> {
  if (env.DATABASE_URL === undefined || (await readdir(dataDir)).length === 0) return
  throw new Error('the nodes do not use the database that they were given')
}

async function play(
  node: SpawnedServer,
  nodes: readonly SpawnedServer[],
  crowd: readonly Participant[],
  { outage, sendsPerSecond, lifeMs, restMsMax, progress }: SeveralNodesOptions,
): Promise<string[]> {
  const readiness = [await readinessOf(node)]
  const load = new Load(crowd, sendsPerSecond)
  load.start()
  await sleep(lifeMs)
  if (outage !== undefined) {
    await outage.cut()
    progress(`the broker is gone: ${placesOf(crowd)}`)
    await until(nodes, 'degraded')
    readiness.push(await readinessOf(node))
    await sleep(outage.awayMs)
    progress(`chat went on: ${placesOf(crowd)}`)
    await outage.heal()
    await ready(nodes)
    progress(`the broker is back: ${placesOf(crowd)}`)
  }
  await sleep(lifeMs)
  load.stop()
  await allOnline(crowd)
  await atRest(crowd, restMsMax)
  for (const participant of crowd) await participant.settle()
  readiness.push(await readinessOf(node))
  return readiness
}

const placesOf = (crowd: readonly Participant[]): string =>
  crowd.map((one) => `${one.name} at ${one.cursor()}`).join(', ')

const ready = (nodes: readonly SpawnedServer[]) => until(nodes, 'ready')

/** Whoever waits bounds it: a test by its own time, a person by patience. */
async function until(nodes: readonly SpawnedServer[], status: string): Promise<void> {
  for (const node of nodes) while ((await readinessOf(node)) !== status) await sleep(100)
}

async function readinessOf({ url }: SpawnedServer): Promise<string> {
  const response = await fetch(`${url}/health/readiness`)
  const { status } = (await response.json()) as { status: string }
  return status
}

async function framesReceived(nodes: readonly SpawnedServer[]): Promise<number> {
  let frames = 0
  for (const { url } of nodes) {
    const page = await (await fetch(`${url}/metrics`)).text()
    frames += Number(/^madang_feed_total\{what="frame_received"\} (\d+)/m.exec(page)?.[1] ?? 0)
  }
  return frames
}
