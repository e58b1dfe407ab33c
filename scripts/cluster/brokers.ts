// What carries events between the nodes: nothing, one Redis, a Redis Cluster of six, or NATS.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { nats } from '../../tests/services/nats.ts'
import type { Found, Part } from '../../tests/services/part.ts'
import { redis } from '../../tests/services/redis.ts'
import { RedisCluster } from '../../tests/services/redis-cluster.ts'
import { firstWords, freePort } from '../../tests/services/server-process.ts'
import type { Member } from './member.ts'
import type { BrokerName } from './options.ts'
import type { Place } from './place.ts'

export interface Broker {
  readonly members: readonly Member[]
  /** How a node finds it. */
  readonly env: Readonly<Record<string, string>>
}

/** The part that a broker is made of. */
export const BROKER_PARTS: Readonly<Record<BrokerName, Part | undefined>> = {
  redis,
  'redis-cluster': redis,
  nats,
  none: undefined,
}

/** `keep` is told of each member before it starts, so that whoever gives up half-way can end what runs. */
export type Keep = (member: Member) => void

/** Resolves when it answers. `binary`: of the broker's part; absent for none. */
export async function startBroker(
  name: BrokerName,
  binary: Found | undefined,
  place: Place,
  keep: Keep,
): Promise<Broker> {
  if (binary === undefined) return { members: [], env: {} }
  if (name === 'redis-cluster') return startCluster(binary, place, keep)
  const port = await freePort()
  const member =
    name === 'nats' ? natsMember(binary, place, port) : redisMember('redis', binary, place, port)
  keep(member)
  await member.restart()
  const env = name === 'nats' ? { NATS_URL: member.url } : { REDIS_URL: member.url }
  return { members: [member], env }
}

async function startCluster(binary: Found, place: Place, keep: Keep): Promise<Broker> {
  const members: Member[] = []
  const cluster = await RedisCluster.start(async (args) => {
    const port = await freePort()
    const member = redisMember(`redis-${members.length + 1}`, binary, place, port, args)
    members.push(member)
    keep(member)
    await member.restart()
    return member
  })
  const hosts = cluster.nodes.map(({ server }) => `${server.host}:${server.port}`)
  return { members, env: { REDIS_URL: `redis+cluster://${hosts.join(',')}` } }
}

function redisMember(
  name: string,
  { path, env = {} }: Found,
  place: Place,
  port: number,
  more: readonly string[] = [],
): Member {
  const folder = place.folderOf(name)
  // What it knew of a cluster that ran here before, on other ports.
  rmSync(join(folder, 'nodes.conf'), { force: true })
  return place.member({
    ...{ name, what: 'broker', binary: path, env, port, url: `redis://127.0.0.1:${port}` },
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
      // It carries and keeps nothing.
      ...['--save', '', '--appendonly', 'no'],
      ...more,
    ],
    isReady: async () => (await firstWords(port, 'PING\r\n')).startsWith('+PONG'),
  })
}

function natsMember({ path, env = {} }: Found, place: Place, port: number): Member {
  return place.member({
    ...{ name: 'nats', what: 'broker', binary: path, env, port, url: `nats://127.0.0.1:${port}` },
    args: ['-a', '127.0.0.1', '-p', String(port)],
    isReady: async () => (await firstWords(port)).startsWith('INFO '),
  })
}
