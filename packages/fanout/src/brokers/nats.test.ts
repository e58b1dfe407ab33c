import { nats } from '../../../../tests/services/nats.ts'
import { need } from '../../../../tests/services/part.ts'
import { brokerCases } from '../broker.case.ts'
import { createNatsBroker, NATS_LIMITS } from './nats.ts'

const { skip: missing } = await need(nats)

const LIMITS = { queueFramesMax: 10_000, ageMsMax: 60_000 }

brokerCases({
  name: 'nats',
  missing,
  async newCluster() {
    const server = await nats.start()
    return {
      frameBytesMax: NATS_LIMITS.frameBytesMax,
      newBroker: () => createNatsBroker({ servers: server.url, limits: LIMITS }),
      outage: {
        cut: () => server.kill(),
        heal: () => server.restart(),
        queueFramesMax: LIMITS.queueFramesMax,
      },
      stop: () => server.stop(),
    }
  },
})
