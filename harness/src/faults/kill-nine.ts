/** The server is killed by SIGKILL again and again while three clients send: nothing acknowledged is lost, doubled or out of order. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type SpawnedServer, spawnServer } from '@madang/server/testing'
import { readLog } from '../audit.ts'
import { Load } from '../crowd/load.ts'
import { OurParticipant } from '../crowd/ours.ts'
import type { Participant } from '../crowd/participant.ts'
import { allOnline, atRest } from '../crowd/rest.ts'
import { StockParticipant } from '../crowd/stock.ts'
import { judge, type Verdict } from '../ledger.ts'

export interface KillNineOptions {
  readonly kills: number
  readonly sendsPerSecond: number
  /** How long the server runs between two kills, in ms. */
  readonly lifeMs: number
  /** How long the clients get at the end to come to rest, in ms. */
  readonly restMsMax: number
  readonly progress: (line: string) => void
}

export interface KillNineReport {
  readonly verdict: Verdict
  readonly kills: number
  readonly acknowledged: number
  readonly messages: number
}

const SENDS_INTO_VOID_MS = 300

export async function killNine(options: KillNineOptions): Promise<KillNineReport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'madang-kill-'))
  let server = await spawnServer({ dataDir, env: { RATE_SCALE: '100' } })
  const crowd = [
    new OurParticipant(server.url, 'ann'),
    new OurParticipant(server.url, 'bob'),
    new StockParticipant(server.url, 'stock'),
  ]
  try {
    for (const participant of crowd) await participant.start()
    const load = new Load(crowd, options.sendsPerSecond)
    for (let kill = 1; kill <= options.kills; kill += 1) {
      load.start()
      await sleep(options.lifeMs)
      await server.kill('SIGKILL')
      // Sends go on for a moment into the void; more would only measure how fast this machine starts a process.
      await sleep(SENDS_INTO_VOID_MS)
      load.stop()
      server = await server.restart()
      await allOnline(crowd)
      options.progress(
        `kill ${kill} of ${options.kills}: ${crowd.map((one) => `${one.name} at ${one.cursor()}`).join(', ')}`,
      )
    }
    await atRest(crowd, options.restMsMax)
    for (const participant of crowd) await participant.settle()
    return await report(server, crowd, options.kills)
  } finally {
    for (const participant of crowd) await participant.stop()
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function report(
  server: SpawnedServer,
  crowd: readonly Participant[],
  kills: number,
): Promise<KillNineReport> {
  const log = await readLog(server.url)
  const senders = crowd.map((participant) => participant.sender())
  const verdict = judge({ log, senders, readers: crowd.map((participant) => participant.reader()) })
  const acknowledged = senders.reduce((sum, sender) => sum + sender.acknowledged.size, 0)
  return { verdict, kills, acknowledged, messages: log.length }
}
