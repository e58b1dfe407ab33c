// A NATS server without JetStream.
import { type Binary, findBinary, requireBinary } from './binary.ts'
import type { Service } from './part.ts'
import { firstWords, startServer } from './server-process.ts'

const BINARY: Binary = {
  variable: 'NATS_SERVER_BIN',
  names: ['nats-server'],
  debianPackage: 'nats-server',
}

export const nats: Service = {
  name: 'NATS',
  neededFor: 'the broker on NATS',
  async find() {
    return findBinary(BINARY)
  },
  start: async () =>
    startServer({
      name: 'nats',
      found: requireBinary('NATS', BINARY),
      args: ({ port }) => ['-a', '127.0.0.1', '-p', String(port)],
      url: ({ port }) => `nats://127.0.0.1:${port}`,
      isReady: async ({ port }) => (await firstWords(port)).startsWith('INFO '),
    }),
}
