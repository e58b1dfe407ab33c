import { brokerCases } from '../broker.case.ts'
import { PrimaryProcess } from '../testing/ipc-primary.ts'
import { createIpcBroker } from './ipc.ts'

const LIMITS = { queueFramesMax: 10_000, ageMsMax: 60_000 }

brokerCases({
  name: 'ipc',
  async newCluster() {
    const primary = new PrimaryProcess()
    await primary.start()
    return {
      frameBytesMax: 1_048_576,
      newBroker: () => createIpcBroker({ path: primary.path, limits: LIMITS }),
      topics: async () => (await primary.stats()).topics,
      outage: {
        cut: () => primary.kill(),
        heal: () => primary.start(),
        queueFramesMax: LIMITS.queueFramesMax,
      },
      stop: () => primary.stop(),
    }
  },
})
