/** One storm: many come at once to a node on which others talk. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createRestClient, type SpawnedServer, spawnServer } from '@madang/server/testing'
import { Worker } from '../fan-out/worker.ts'
import type { CrowdTasks, StormOutcome } from './crowd-process.ts'
import { cpuMs } from './refusals.ts'
import { Survivors, type Talk } from './survivors.ts'

export interface StormOptions {
  readonly clients: number
  readonly survivors: number
  /** What the survivors say, together. */
  readonly messagesPerSecond: number
  /** How many the node takes in a second; 0: as many as come. */
  readonly connectsPerSecond: number
  /** Events that each of the storm missed. */
  readonly missed: number
  readonly calmMs: number
  readonly patienceMs: number
  readonly processes: number
}

export interface StormFigure {
  readonly calm: Talk
  readonly storm: Talk
  readonly entered: number
  readonly allInMs: number
  readonly busiestSecond: number
  readonly unread: number
  readonly told: number
  readonly failed: number
  readonly replayed: number
  readonly cpuMs: number
  /** Survivors that lost their connection. */
  readonly losses: number
  readonly missing: number
}

/** So many people share the storm's connections. */
const PEOPLE = 50

export async function runStorm(options: StormOptions): Promise<StormFigure> {
  const server = await spawnServer({
    env: { RATE_SCALE: '100000', CONNECTS_PER_SECOND: String(options.connectsPerSecond) },
  })
  const crowds = Array.from(
    { length: options.processes },
    () => new Worker<CrowdTasks>(new URL('./crowd-process.ts', import.meta.url), []),
  )
  let survivors: Survivors | undefined
  try {
    const place = await newPlace(server, options.missed)
    survivors = await settled(server, options)
    const calm = await talked(survivors, options.calmMs)
    const cpuBeforeMs = cpuMs(server.pid)
    const outcomes = await Promise.all(
      crowds.map((crowd) =>
        crowd.call('storm', {
          url: server.url,
          tokens: place.tokens,
          count: Math.ceil(options.clients / options.processes),
          channelId: place.channelId,
          cursor: place.cursor,
          patienceMs: options.patienceMs,
        }),
      ),
    )
    const cpu = cpuMs(server.pid) - cpuBeforeMs
    const storm = survivors.take()
    survivors.hush()
    await arrived(survivors)
    return figureOf(outcomes, {
      calm,
      storm,
      cpuMs: cpu,
      losses: survivors.losses,
      missing: survivors.take().missing,
    })
  } finally {
    survivors?.leave()
    for (const crowd of crowds) await crowd.stop()
    await server.stop()
  }
}

type Rest = Pick<StormFigure, 'calm' | 'storm' | 'cpuMs' | 'losses' | 'missing'>

function figureOf(outcomes: readonly StormOutcome[], rest: Rest): StormFigure {
  const enteredMs = outcomes.flatMap((outcome) => outcome.enteredMs)
  const bySecond = new Map<number, number>()
  for (const ms of enteredMs) {
    const second = Math.floor(ms / 1_000)
    bySecond.set(second, (bySecond.get(second) ?? 0) + 1)
  }
  const sum = (of: (outcome: StormOutcome) => number) =>
    outcomes.reduce((all, outcome) => all + of(outcome), 0)
  return {
    ...rest,
    entered: sum(({ entered }) => entered),
    allInMs: enteredMs.reduce((most, each) => Math.max(most, each), 0),
    busiestSecond: Math.max(0, ...bySecond.values()),
    unread: sum(({ tries }) => tries.unread),
    told: sum(({ tries }) => tries.told),
    failed: sum(({ tries }) => tries.failed),
    replayed: sum(({ replayed }) => replayed),
  }
}

/** People of the storm, and the channel in which each of them missed so much. */
async function newPlace({ url }: SpawnedServer, missed: number) {
  const stranger = createRestClient(url)
  const tokens = await Promise.all(
    Array.from({ length: PEOPLE }, async (_, at) => {
      const { session } = await stranger.call('createGuest', { body: { name: `storm ${at + 1}` } })
      return session.token
    }),
  )
  const one = stranger.as(tokens[0])
  const { channels } = await one.call('listUnread')
  const [channel] = channels
  if (channel === undefined) throw new Error('a guest has no channel')
  const { channelId, head: cursor } = channel
  for (let at = 0; at < missed; at++) {
    const body = { clientId: `m-${at}`, text: `missed ${at}` }
    await one.call('createMessage', { params: { channelId }, body })
  }
  return { tokens, channelId, cursor }
}

/** Their channel is another one: what is said there is not handed to the storm. */
async function settled({ url }: SpawnedServer, options: StormOptions): Promise<Survivors> {
  const stranger = createRestClient(url)
  const { session } = await stranger.call('createGuest', { body: { name: 'survivor' } })
  const rest = stranger.as(session.token)
  const { community } = await rest.call('createCommunity', { body: { name: 'Survivors' } })
  const { channel } = await rest.call('createChannel', {
    params: { communityId: community.id },
    body: { kind: 'text', name: 'talk' },
  })
  const { survivors: count, messagesPerSecond: perSecond } = options
  const survivors = new Survivors({
    ...{ url, count, perSecond },
    token: session.token,
    channelId: channel.id,
  })
  await survivors.come()
  return survivors
}

async function talked(survivors: Survivors, ms: number): Promise<Talk> {
  survivors.talk()
  // The first second warms everything up.
  await sleep(1_000)
  survivors.take()
  await sleep(ms)
  return survivors.take()
}

/** Waits until nothing more is missing, or nothing more has come for a while. */
async function arrived(survivors: Survivors): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    if (survivors.take().missing === 0) return
    await sleep(100)
  }
}
