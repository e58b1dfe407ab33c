/** Whether frames come through the broker from one node to another, and what its servers say of themselves. */
import { connect } from 'node:net'
import type { Broker, BrokerHealth } from '@madang/fanout'
import { ioredis } from '@madang/fanout/redis/ioredis'
import { createBroker } from '../../app/broker.ts'
import type { RedisPlace } from '../../config/broker-places.ts'
import type { BrokerConfig, Config } from '../../config.ts'
import { error, type Finding, warning } from './finding.ts'

/** For each step, in ms. */
const stepMsMax = 4_000
const redisVersionMin = 7
/** Redis' own limit for subscribers, in bytes: what a node may fall behind before it is cut off. */
const bufferBytesMin = 33_554_432
/** A batch of frames, in bytes. */
const natsPayloadMin = 131_072

export async function brokerFindings({ broker }: Config): Promise<Finding[]> {
  if (broker.kind === 'none' || broker.kind === 'ipc') return []
  const through = await throughFindings(broker)
  const servers =
    broker.kind === 'redis'
      ? await Promise.all(broker.places.map(redisFindings))
      : await Promise.all(broker.servers.map(natsFindings))
  return [...through, ...servers.flat()]
}

/** What one node publishes has to reach another. */
async function throughFindings(config: BrokerConfig): Promise<Finding[]> {
  const [hearing, speaking] = [createBroker(config), createBroker(config)]
  const name = config.kind === 'redis' ? 'REDIS_URL' : 'NATS_URL'
  try {
    const heard = Promise.withResolvers<void>()
    const health = await healthOf(hearing, () => heard.resolve())
    if (!health.connected) {
      const text = `The broker at ${name} cannot be used: ${health.detail}.`
      const remedy =
        'See that it runs, that this machine reaches it, and that user and password are right. The server starts without it, and hears of other nodes a second late.'
      return [error('broker-away', text, remedy)]
    }
    await healthOf(speaking, () => {})
    const topic = `nodes:doctor-${process.pid}`
    await within(hearing.subscribe(topic))
    const timer = setInterval(() => speaking.publish(topic, Buffer.from('doctor')), 100)
    try {
      return (await within(heard.promise)) === 'late' ? [notThrough(name)] : []
    } finally {
      clearInterval(timer)
    }
  } finally {
    await Promise.all([hearing.stop(), speaking.stop()])
  }
}

function notThrough(name: string): Finding {
  const text = `The broker at ${name} is there, but what one node publishes does not reach another.`
  const remedy =
    'Let its user subscribe and publish under BROKER_PREFIX: in Redis ACL SETUSER ... +subscribe +ssubscribe +publish +spublish &madang:*; in NATS publish and subscribe on madang.>.'
  return error('broker-permission', text, remedy)
}

function healthOf(broker: Broker, onFrame: () => void): Promise<BrokerHealth> {
  return new Promise((resolve) => {
    let last: BrokerHealth = { connected: false, detail: `no answer within ${stepMsMax} ms` }
    const listener = {
      onFrame,
      onGap() {},
      onHealth(health: BrokerHealth) {
        last = health
      },
    }
    within(broker.start(listener)).then(
      () => resolve(last),
      () => resolve(last),
    )
  })
}

async function within<T>(work: Promise<T>): Promise<T | 'late'> {
  const { promise, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), stepMsMax)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

async function redisFindings(place: RedisPlace): Promise<Finding[]> {
  if (place.kind === 'sentinel') return []
  const [first = ''] = place.kind === 'server' ? [place.url] : place.urls
  try {
    const connection = await ioredis({ url: first }).open({
      ...{ address: undefined, sharded: false, signal: AbortSignal.timeout(stepMsMax) },
      events: { onFrame() {}, onUnsubscribed() {}, onClosed() {} },
    })
    try {
      // Where a hosted Redis does not tell its settings, they are its keeper's business.
      const info = String(await within(connection.command(['INFO', 'server'])).catch(() => ''))
      const limits = await within(
        connection.command(['CONFIG', 'GET', 'client-output-buffer-limit']),
      ).catch(() => undefined)
      return [...redisVersion(info), ...redisBuffers(limits)]
    } finally {
      connection.close()
    }
  } catch {
    // That it is away is told by what does not come through.
    return []
  }
}

export function redisVersion(info: string): Finding[] {
  const version = /^redis_version:(\d+)\.(\S+)/m.exec(info)
  if (version === null || Number(version[1]) >= redisVersionMin) return []
  const text = `It is Redis ${version[1]}.${version[2]}, and ${redisVersionMin} or later is needed.`
  return [error('redis-version', text, 'Upgrade it.')]
}

/** `pubsub <hard> <soft> <seconds>`; 0 is none. */
export function redisBuffers(answer: unknown): Finding[] {
  const text = answer instanceof Map ? [...answer.values()].join(' ') : JSON.stringify(answer ?? '')
  const [, hard = '', soft = ''] = /pubsub (\d+) (\d+) \d+/.exec(text) ?? []
  const isSmall = hard !== '' && Number(hard) > 0 && Number(hard) < bufferBytesMin
  if (!isSmall) return []
  const what = `Redis cuts a node off that is ${hard} bytes behind (soft: ${soft}); each time it reads what it missed from the store.`
  return [
    warning(
      'redis-output-buffer',
      what,
      'CONFIG SET client-output-buffer-limit "pubsub 33554432 8388608 60", and in redis.conf.',
    ),
  ]
}

/** A NATS server says who it is before anybody asks. */
function natsFindings(server: string): Promise<Finding[]> {
  const { hostname, port } = new URL(server)
  const { promise, resolve } = Promise.withResolvers<Finding[]>()
  const socket = connect({ host: hostname, port: Number(port) || 4_222 })
  const done = (findings: Finding[]) => {
    socket.destroy()
    resolve(findings)
  }
  let text = ''
  socket.setTimeout(stepMsMax, () => done([]))
  socket.on('error', () => done([]))
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
    if (text.includes('\r\n')) done(natsInfo(text))
  })
  return promise
}

export function natsInfo(line: string): Finding[] {
  const payload = Number(/"max_payload":(\d+)/.exec(line)?.[1] ?? Number.POSITIVE_INFINITY)
  if (payload >= natsPayloadMin) return []
  const text = `NATS takes ${payload} bytes in a message, and a frame may have ${natsPayloadMin}.`
  return [error('nats-payload', text, 'Set max_payload to 1MB, its default.')]
}
