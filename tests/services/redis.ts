// A Redis server that keeps nothing on disk.
import { type Binary, findBinary, requireBinary } from './binary.ts'
import type { Service } from './part.ts'
import { firstWords, startServer } from './server-process.ts'

export const REDIS_BINARY: Binary = {
  variable: 'REDIS_SERVER_BIN',
  names: ['redis-server', 'valkey-server'],
  debianPackage: 'redis-server',
}

export interface RedisOptions {
  /** More arguments: `['--cluster-enabled', 'yes']`. */
  readonly args?: readonly string[]
}

export const redis: Service<RedisOptions> = {
  name: 'Redis',
  neededFor: 'brokers on Redis',
  async find() {
    return findBinary(REDIS_BINARY)
  },
  start: async ({ args = [] } = {}) =>
    startServer({
      name: 'redis',
      found: requireBinary('Redis', REDIS_BINARY),
      args: ({ port, folder }) => [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
        ...['--save', '', '--appendonly', 'no'],
        ...args,
      ],
      url: ({ port }) => `redis://127.0.0.1:${port}`,
      // One that asks for a password first is there, too.
      isReady: async ({ port }) => /^(\+PONG|-NOAUTH)/.test(await firstWords(port, 'PING\r\n')),
    }),
}
