import { brokerCases } from '../broker.case.ts'
import { MemoryHub } from './memory.ts'

brokerCases({
  name: 'memory',
  async newCluster() {
    const hub = new MemoryHub({ frameBytesMax: 1_000_000, queueFramesMax: 20_000 })
    return {
      frameBytesMax: hub.frameBytesMax,
      newBroker: () => hub.newBroker(),
      topics: async () => hub.topics,
      outage: {
        cut: async () => hub.cut(),
        heal: async () => hub.heal(),
        queueFramesMax: hub.queueFramesMax,
      },
      stop: async () => {},
    }
  },
})
