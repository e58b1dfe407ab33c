// A NATS server without JetStream.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Binary, findBinary, requireBinary } from './binary.ts'
import type { Service } from './part.ts'
import { firstWords, startServer } from './server-process.ts'

const BINARY: Binary = {
  variable: 'NATS_SERVER_BIN',
  names: ['nats-server'],
  debianPackage: 'nats-server',
}

export interface NatsOptions {
  /** More of its configuration, in its own language: `lame_duck_duration: "30s"`. */
  readonly config?: string
}

export const nats: Service<NatsOptions> = {
  name: 'NATS',
  neededFor: 'the broker on NATS',
  async find() {
    return findBinary(BINARY)
  },
  start: async ({ config = '' } = {}) =>
    startServer({
      name: 'nats',
      found: requireBinary('NATS', BINARY),
      async prepare({ folder }) {
        writeFileSync(join(folder, 'nats.conf'), config)
      },
      args: ({ port, folder }) => [
        ...['-c', join(folder, 'nats.conf')],
        ...['-a', '127.0.0.1', '-p', String(port)],
      ],
      url: ({ port }) => `nats://127.0.0.1:${port}`,
      isReady: async ({ port }) => (await firstWords(port)).startsWith('INFO '),
    }),
}
