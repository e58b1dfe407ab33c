/** Counts kept in Redis: a hash for each hour, which expires by itself. */
import { ioredis } from '@madang/fanout/redis/ioredis'
import type { OpenTarget, StatsTarget } from '../ops/recorder.ts'
import type { StatRow, StatsRequest } from '../store/stats.ts'

type RedisConnection = Awaited<ReturnType<ReturnType<typeof ioredis>['open']>>

const hourMs = 3_600_000
/** Until Redis takes the connection, in ms. */
const connectMsMax = 3_000
/** A day longer than is asked for, in s. */
const expirySeconds = 31 * 86_400

export interface RedisStatsOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string
  /** Begins every key. */
  readonly prefix: string
}

export function redisStats(options: RedisStatsOptions): StatsTarget {
  return {
    async open() {
      const connection = await ioredis({ url: options.url }).open({
        address: undefined,
        sharded: false,
        events: { onFrame() {}, onUnsubscribed() {}, onClosed() {} },
        signal: AbortSignal.timeout(connectMsMax),
      })
      return new RedisStats(connection, options.prefix)
    },
  }
}

class RedisStats implements OpenTarget {
  readonly #connection: RedisConnection
  readonly #prefix: string

  constructor(connection: RedisConnection, prefix: string) {
    this.#connection = connection
    this.#prefix = prefix
  }

  /** What is too old when it is written is not kept; what nobody forgets, because nobody writes any more, expires by itself. */
  async writeStats(rows: readonly StatRow[], forgetBefore: number): Promise<void> {
    const hours = Map.groupBy(rows, ({ at }) => at - (at % hourMs))
    const commands = [...hours].flatMap(([hourAt, of]) => {
      if (hourAt + hourMs <= forgetBefore) return []
      const fields = of.flatMap(({ at, node, name, value }) => [
        JSON.stringify([at, node, name]),
        String(value),
      ])
      const key = this.#keyOf(hourAt)
      return [
        this.#connection.command(['HSET', key, ...fields]),
        this.#connection.command(['EXPIRE', key, String(expirySeconds)]),
        this.#connection.command(['ZADD', this.#hours, String(hourAt), String(hourAt)]),
      ]
    })
    await Promise.all([...commands, this.#forget(forgetBefore - hourMs)])
  }

  /** The hours that are known are listed, so that old ones are found. */
  async #forget(until: number): Promise<void> {
    const range = [this.#hours, '-inf', String(until)]
    const old = await this.#connection.command(['ZRANGEBYSCORE', ...range])
    if (!Array.isArray(old) || old.length === 0) return
    await this.#connection.command(['DEL', ...old.map((at) => this.#keyOf(Number(at)))])
    await this.#connection.command(['ZREMRANGEBYSCORE', ...range])
  }

  get #hours(): string {
    return `${this.#prefix}:stats:hours`
  }

  async stats(request: StatsRequest): Promise<readonly StatRow[]> {
    const { from, to, limit } = request
    const hours: number[] = []
    for (let at = from - (from % hourMs); at < to; at += hourMs) hours.push(at)
    const found = await Promise.all(
      hours.map((at) => this.#connection.command(['HGETALL', this.#keyOf(at)])),
    )
    return grouped(found.flatMap(rowsOf), request).slice(-limit)
  }

  async close(): Promise<void> {
    this.#connection.close()
  }

  #keyOf(hourAt: number): string {
    return `${this.#prefix}:stats:${hourAt}`
  }
}

/** A map is told as a flat list, or as a map, by the version of the protocol. */
function rowsOf(answer: unknown): StatRow[] {
  const pairs: [unknown, unknown][] = Array.isArray(answer)
    ? answer.flatMap((field, at) => (at % 2 === 0 ? [[field, answer[at + 1]]] : []))
    : answer instanceof Map
      ? [...answer]
      : Object.entries(answer ?? {})
  return pairs.flatMap(([field, value]) => {
    const [at, node, name] = JSON.parse(String(field)) as unknown[]
    if (typeof at !== 'number' || typeof node !== 'string' || typeof name !== 'string') return []
    return [{ at, node, name, value: Number(value) }]
  })
}

function grouped(rows: readonly StatRow[], request: StatsRequest): StatRow[] {
  const { from, to, stepMs, as, names } = request
  const groups = new Map<string, { row: StatRow; sum: number; rows: number }>()
  for (const { at, node, name, value } of rows) {
    if (at < from || at >= to || !names.some((each) => name.startsWith(each))) continue
    const row = { at: at - (at % stepMs), node: as === 'sum' ? '' : node, name, value: 0 }
    const key = JSON.stringify([row.at, row.node, name])
    const group = groups.get(key) ?? { row, sum: 0, rows: 0 }
    group.sum += value
    group.rows += 1
    groups.set(key, group)
  }
  return [...groups.values()]
    .map(({ row, sum, rows: count }) => ({ ...row, value: as === 'sum' ? sum : sum / count }))
    .sort((a, b) => a.at - b.at || order(a.node, b.node) || order(a.name, b.name))
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
