import { nats } from '../../../../tests/services/nats.ts'
import { need } from '../../../../tests/services/part.ts'
import { brokerCases } from '../broker.case.ts'
import { PrimaryProcess } from '../testing/ipc-primary.ts'
import { createIpcBroker } from './ipc.ts'
import { MemoryHub } from './memory.ts'
import { createNatsBroker } from './nats.ts'
import { createPartitionedBroker } from './partitioned.ts'

const { skip: missing } = await need(nats)

const LIMITS = { frameBytesMax: 1_000_000, queueFramesMax: 10_000, ageMsMax: 60_000 }

brokerCases({
  name: 'partitioned over brokers of several kinds',
  missing,
  async newCluster() {
    const hub = new MemoryHub(LIMITS)
    const [primary, server] = [new PrimaryProcess(), await nats.start()]
    await primary.start()
    return {
      frameBytesMax: LIMITS.frameBytesMax,
      newBroker: () =>
        createPartitionedBroker([
          { name: 'memory', broker: hub.newBroker() },
          { name: 'ipc', broker: createIpcBroker({ path: primary.path, limits: LIMITS }) },
          { name: 'nats', broker: createNatsBroker({ servers: server.url, limits: LIMITS }) },
        ]),
      topics: async () => hub.topics + (await primary.stats()).topics,
      outage: {
        async cut() {
          hub.cut()
          await Promise.all([primary.kill(), server.kill()])
        },
        async heal() {
          hub.heal()
          await Promise.all([primary.start(), server.restart()])
        },
        queueFramesMax: LIMITS.queueFramesMax,
      },
      async stop() {
        await primary.stop()
        await server.stop()
      },
    }
  },
})
