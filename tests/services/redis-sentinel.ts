// A Redis master, its replica, and a sentinel that watches over them.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { requireBinary } from './binary.ts'
import type { Running } from './part.ts'
import { REDIS_BINARY, redis } from './redis.ts'
import { tell } from './redis-talk.ts'
import { firstWords, startServer } from './server-process.ts'

/** What the sentinel calls the master. */
export const MASTER_NAME = 'main'
/** How long a master may be silent before the sentinel calls it dead. */
const DOWN_AFTER_MS = 1_000
const READY_TIMEOUT_MS = 60_000
const CHECK_MS = 25

export class RedisSentinel {
  readonly sentinel: Running
  readonly #servers: readonly Running[]

  private constructor(servers: readonly Running[], sentinel: Running) {
    this.#servers = servers
    this.sentinel = sentinel
  }

  static async start(): Promise<RedisSentinel> {
    const started: Running[] = []
    try {
      const args = ['--repl-diskless-sync-delay', '0']
      const master = await redis.start({ args })
      started.push(master)
      const of = ['--replicaof', '127.0.0.1', String(master.port)]
      const replica = await redis.start({ args: [...args, ...of] })
      started.push(replica)
      // A sentinel that finds the master without its replica looks for one again only after ten seconds.
      await until('the replica follows', async () =>
        (await tell(master.port, 'INFO replication')).includes('state=online'),
      )
      const sentinel = await startSentinel(master.port)
      started.push(sentinel)
      const all = new RedisSentinel([master, replica], sentinel)
      await all.#ready()
      return all
    } catch (error) {
      await Promise.all(started.map((server) => server.stop()))
      throw error
    }
  }

  /** Kills the master as a crash would. Resolves when the replica has taken over. */
  async killMaster(): Promise<void> {
    const before = await this.#masterPort()
    await this.#servers.find(({ port }) => port === before)?.kill()
    await until('the replica took over', async () => (await this.#masterPort()) !== before)
  }

  async stop(): Promise<void> {
    await Promise.all([this.sentinel, ...this.#servers].map((server) => server.stop()))
  }

  #ready(): Promise<void> {
    return until('the sentinel is ready', async () =>
      /status=ok,address=\S+,slaves=1,/.test(await tell(this.sentinel.port, 'INFO sentinel')),
    )
  }

  async #masterPort(): Promise<number> {
    const info = await tell(this.sentinel.port, 'INFO sentinel')
    return Number(/address=[^,]*:(\d+),/.exec(info)?.[1])
  }
}

function startSentinel(masterPort: number): Promise<Running> {
  return startServer({
    name: 'redis-sentinel',
    found: requireBinary('Redis', REDIS_BINARY),
    async prepare({ port, folder }) {
      const lines = [
        `port ${port}`,
        'bind 127.0.0.1',
        `dir ${folder}`,
        `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${masterPort} 1`,
        `sentinel down-after-milliseconds ${MASTER_NAME} ${DOWN_AFTER_MS}`,
        `sentinel failover-timeout ${MASTER_NAME} 5000`,
      ]
      writeFileSync(join(folder, 'sentinel.conf'), `${lines.join('\n')}\n`)
    },
    args: ({ folder }) => [join(folder, 'sentinel.conf'), '--sentinel'],
    url: ({ port }) => `redis://127.0.0.1:${port}`,
    isReady: async ({ port }) => (await firstWords(port, 'PING\r\n')).startsWith('+PONG'),
  })
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + READY_TIMEOUT_MS
  while (performance.now() < untilMs) {
    if (await isSo().catch(() => false)) return
    await wait(CHECK_MS)
  }
  throw new Error(`waited ${READY_TIMEOUT_MS} ms in vain until ${what}`)
}
