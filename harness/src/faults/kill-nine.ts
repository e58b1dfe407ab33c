/** The server is killed by SIGKILL again and again while three clients send: nothing acknowledged is lost, doubled or out of order. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type SpawnedServer, spawnServer } from '@madang/server/testing'
import { OurParticipant } from '../crowd/ours.ts'
import type { Participant } from '../crowd/participant.ts'
import { StockParticipant } from '../crowd/stock.ts'
import { judge, type LedgerLine, type Verdict } from '../ledger.ts'

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

const SEND_TICK_MS = 15
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

/** Sends round robin, so many as the time that has passed asks for: a slow machine sends in larger steps, not fewer. */
class Load {
  readonly #crowd: readonly Participant[]
  readonly #perSecond: number
  #sent = 0
  #timer: NodeJS.Timeout | undefined

  constructor(crowd: readonly Participant[], perSecond: number) {
    this.#crowd = crowd
    this.#perSecond = perSecond
  }

  start(): void {
    const startedAt = performance.now()
    const before = this.#sent
    this.#timer = setInterval(() => {
      const due = before + ((performance.now() - startedAt) / 1_000) * this.#perSecond
      for (; this.#sent < due; this.#sent += 1) {
        this.#crowd[this.#sent % this.#crowd.length]?.send(`message ${this.#sent + 1}`)
      }
    }, SEND_TICK_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

async function allOnline(crowd: readonly Participant[]): Promise<void> {
  while (!crowd.every((participant) => participant.isOnline())) {
    for (const participant of crowd) participant.reconnect()
    await sleep(50)
  }
}

/** Waits until every send has its answer and all readers are at the same place for a while. */
async function atRest(crowd: readonly Participant[], msMax: number): Promise<void> {
  const deadline = performance.now() + msMax
  while (performance.now() < deadline) {
    await sleep(200)
    const waiting = crowd.reduce((sum, participant) => sum + participant.waiting(), 0)
    const cursors = new Set(crowd.map((participant) => participant.cursor()))
    if (waiting === 0 && cursors.size === 1) return
  }
}

async function report(
  server: SpawnedServer,
  crowd: readonly Participant[],
  kills: number,
): Promise<KillNineReport> {
  const log = await readLog(server)
  const senders = crowd.map((participant) => participant.sender())
  const verdict = judge({ log, senders, readers: crowd.map((participant) => participant.reader()) })
  const acknowledged = senders.reduce((sum, sender) => sum + sender.acknowledged.size, 0)
  return { verdict, kills, acknowledged, messages: log.length }
}

/** The log as a stranger reads it: over REST, as a guest who came later. */
async function readLog(server: SpawnedServer): Promise<LedgerLine[]> {
  const guest = await call<{ session: { token: string } }>(`${server.url}/api/guests`, undefined, {
    name: 'auditor',
  })
  const token = guest.session.token
  const { channels } = await call<{ channels: { channelId: string }[] }>(
    `${server.url}/api/unread`,
    token,
  )
  const channelId = channels[0]?.channelId
  const lines: LedgerLine[] = []
  for (let after = 0; ; ) {
    const path = `${server.url}/api/channels/${channelId}/events?after=${after}&limit=200`
    const page = await call<{ events: { kind: string; seq: number; clientId?: string }[] }>(
      path,
      token,
    )
    for (const event of page.events) {
      if (event.seq !== after + 1)
        throw new Error(`the log has a hole: seq ${event.seq} after ${after}`)
      after = event.seq
      if (event.kind === 'created') lines.push({ seq: event.seq, clientId: event.clientId ?? '' })
    }
    if (page.events.length === 0) return lines
  }
}

async function call<T>(url: string, token?: string, body?: object): Promise<T> {
  const response = await fetch(url, {
    method: body ? 'POST' : 'GET',
    headers: {
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!response.ok) throw new Error(`${response.status} ${url}: ${await response.text()}`)
  return (await response.json()) as T
}
