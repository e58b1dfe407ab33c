/** All cores of a host, Redis between processes, counters that disturb nobody. */
import { availableParallelism } from 'node:os'
import { redis } from '../../../tests/services/redis.ts'
import { converse } from '../../../tests/topology/transports.ts'
import { type Claim, type Seed, seen } from './claim.ts'
import { existingApp } from './existing-app.ts'
import { type Ground, until } from './ground.ts'
import { metricOf, readinessOf, samplesOf } from './pages.ts'
import { playScenario } from './scenario.ts'
import { statistics } from './statistics.ts'
import { Talk } from './talk.ts'

const seed = '001'

/** As `auto` has it; two where there is one core, for there is nothing to share otherwise. */
const workers = Math.max(2, availableParallelism())

async function allCores(ground: Ground) {
  const node = await ground.node({ DIALECTS: 'rooms' }, { args: ['--workers', String(workers)] })
  await until('all workers ready', async () => (await readinessOf(node.url)) === '200 ready')
  return node
}

/** Values by worker, in the order of their numbers. */
async function byWorker(url: string, metric: string, labels = ''): Promise<readonly number[]> {
  const sums = new Map<string, number>()
  for (const { labels: text, value } of await samplesOf(url, metric)) {
    const worker = /\bworker="(\d+)"/.exec(text)?.[1]
    if (worker === undefined || !text.includes(labels)) continue
    sums.set(worker, (sums.get(worker) ?? 0) + value)
  }
  return [...sums].sort(([a], [b]) => Number(a) - Number(b)).map(([, sum]) => sum)
}

const percent = (values: readonly number[]): readonly number[] => {
  const sum = values.reduce((total, one) => total + one, 0)
  return values.map((one) => Math.round((one / sum) * 100))
}

interface Upgraded {
  readonly each: number
  readonly connections: readonly number[]
  readonly cpu: readonly number[]
  readonly handed: {
    readonly requests: number
    readonly upgrades: number
    readonly unknown: number
  }
}

/** Clients of every transport through the workers; what `converse` lets pass was seen by all, in order, with no session lost. */
async function upgraded(ground: Ground): Promise<Upgraded> {
  const { url } = await ground.once(allCores)
  const each = ground.size(100, 12)
  const before = await byWorker(url, 'process_cpu_seconds_total')
  await converse(url, each)
  const cpu = await byWorker(url, 'process_cpu_seconds_total')
  const handed = async (what: string) =>
    (await metricOf(url, 'madang_handed_over_total', `outcome="${what}"`)) || 0
  return {
    each,
    connections: await byWorker(url, 'madang_handshakes_total', 'outcome="ok"'),
    cpu: cpu.map((now, at) => now - (before[at] ?? 0)),
    handed: {
      requests: await handed('request'),
      upgrades: await handed('upgrade'),
      unknown: await handed('unknown'),
    },
  }
}

const cores: Claim = {
  seed,
  says: 'All cores serve, instead of one Node at 100 %',
  does: `--workers ${workers}; clients of every transport come in and talk; each worker’s share is read from /metrics`,
  async try(ground) {
    const { connections, cpu } = await ground.once(upgraded)
    const [people, time] = [percent(connections), percent(cpu)]
    return seen(
      `${workers} workers: connections ${connections.join(', ')} (${people.join(', ')} %), CPU ${time.join(', ')} %`,
      {
        'every worker has its share':
          people.length === workers && people.every((one) => one > 50 / workers),
        'every worker works': time.length === workers && time.every((one) => one > 25 / workers),
      },
    )
  },
}

const upgrade: Claim = {
  seed,
  says: 'Polling, then the upgrade to websocket, through the workers: no "Session ID unknown"',
  does: 'stock clients with polling alone, polling then websocket, websocket alone; each keeps its session or fails the row',
  async try(ground) {
    const { each, handed } = await ground.once(upgraded)
    return seen(
      `${each} of each: nobody was refused or cut off, all who wanted to upgraded, all saw all in order; ${handed.requests} requests and ${handed.upgrades} upgrades came to another worker than their session’s and were handed over`,
      {
        'none unknown': handed.unknown === 0,
        'some came to another worker': handed.requests > 0 && handed.upgrades > 0,
      },
    )
  },
}

async function twoProcesses(ground: Ground) {
  const carrier = ground.keep(await redis.start())
  const env = { REDIS_URL: carrier.url }
  const nodes = [
    await ground.node(env, { data: 'two-processes' }),
    await ground.node(env, { data: 'two-processes' }),
  ]
  const urls = nodes.map(({ url }) => url)
  const are = async (status: string) =>
    (await Promise.all(urls.map(readinessOf))).every((one) => one === status)
  await until('both ready', () => are('200 ready'))
  return { carrier, urls, are }
}

const between: Claim = {
  seed,
  says: 'Redis carries events between sockets of different processes',
  does: 'two processes, one Redis, a stock client at each',
  needs: [redis],
  async try(ground) {
    const { urls } = await ground.once(twoProcesses)
    const talk = await Talk.between(ground, urls)
    for (let round = 0; round < ground.size(5, 2); round++) await talk.round(`round ${round}`)
    const frames = await Promise.all(
      urls.map((url) => metricOf(url, 'madang_feed_total', 'what="frame_received"')),
    )
    talk.end()
    return seen(
      `${talk.said} messages at both, in one order; frames from Redis: ${frames.join(' and ')}`,
      { 'all of it': talk.isWhole, 'both ways': frames.every((count) => count > 0) },
    )
  },
}

/** Messages that the processes counted. */
async function counted(urls: readonly string[]): Promise<number> {
  const each = await Promise.all(
    urls.map((url) => metricOf(url, 'madang_events_appended_total', 'kind="created"')),
  )
  return each.reduce((sum, count) => sum + (count || 0), 0)
}

const countersLive: Claim = {
  seed,
  says: 'Counting goes on, and chat is not disturbed, when Redis dies',
  does: 'messages are sent, Redis is killed, as many more are sent, Redis is started again; counters are read from /metrics',
  needs: [redis],
  async try(ground) {
    const { carrier, urls, are } = await ground.once(twoProcesses)
    const talk = await Talk.between(ground, urls)
    const counts = [await counted(urls)]
    const rounds = ground.size(3, 1)
    const say = async (topic: string) => {
      for (let round = 0; round < rounds; round++) await talk.round(`${topic} ${round}`)
      counts.push(await counted(urls))
    }
    await say('with Redis')
    talk.takeLongestMs()
    await carrier.kill()
    await until('both without Redis', () => are('200 degraded'))
    await say('without')
    const longestMs = talk.takeLongestMs()
    await carrier.restart()
    await until('both ready again', () => are('200 ready'))
    await say('again')
    talk.end()
    const steps = counts.slice(1).map((count, at) => count - (counts[at] ?? 0))
    return seen(
      `counted ${steps.join(', ')} messages before, while and after Redis was away, as many as were sent; a message took ${longestMs} ms at most meanwhile, none was lost`,
      {
        'every message is counted': steps.every((step) => step === rounds * urls.length),
        'chat goes on': talk.isWhole,
      },
    )
  },
}

const theirLoad: Claim = {
  seed,
  says: 'The Artillery scenario: a hundred arrivals a second, polling then upgrade, sendMessage',
  does: 'examples/artillery/arrivals-100.yml through the workers, in small: its events in its order, a shorter phase',
  async try(ground) {
    const { url } = await ground.once(allCores)
    return playScenario(ground, 'arrivals-100.yml', url)
  },
}

export const seed001: Seed = {
  name: seed,
  title: 'all cores of a host, and Redis between processes',
  claims: [cores, upgrade, between, existingApp, countersLive, ...statistics, theirLoad],
}
