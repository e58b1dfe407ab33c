import { connect } from '@nats-io/transport-node'
import { nats } from '../../../../tests/services/nats.ts'
import { need, type Running } from '../../../../tests/services/part.ts'
import { brokerFaultCases, type FaultyCluster } from '../broker-faults.case.ts'
import { subjectOf } from '../nats/subject.ts'
import { Relay } from '../testing/relay.ts'
import { cutting, freezing, killing } from '../testing/strikes.ts'
import { createNatsBroker, NATS_LIMITS, type NatsBroker } from './nats.ts'

const { skip: missing } = await need(nats)

/** A server that stands still is noticed soon. */
const LIMITS = { heartbeatMs: 300, replyMsMax: 2_000 }
const BOUNDS = { queueFramesMax: 50, queueBytesMax: 10_000, ageMsMax: 300 }
const NO_MASTER = 'core NATS has neither masters nor replicas nor slots'

brokerFaultCases({
  name: 'nats',
  missing,
  skip: {
    'a replica takes over in agreement': NO_MASTER,
    'a master is killed and its replica takes over': NO_MASTER,
    'topics move to another server': NO_MASTER,
    'a node that reads too slowly is cut, is told, and lives again':
      'the server waits ten seconds with that: nats/faults.test.ts has it, with a node that waits longer',
  },
  newCluster,
})

/** Nodes reach the server through a relay each, the last of which all later ones share. */
async function newCluster(): Promise<FaultyCluster> {
  const server = await nats.start()
  const relays = await Promise.all([1, 2, 3].map(() => Relay.to(server.port)))
  const free = relays.map(({ port }) => `nats://127.0.0.1:${port}`)
  const nextUrl = () => (free.length > 1 ? free.shift() : free[0]) ?? server.url
  return {
    frameBytesMax: NATS_LIMITS.frameBytesMax,
    newBroker: () => createNatsBroker({ servers: nextUrl() }),
    outage: { cut: () => server.kill(), heal: () => server.restart(), queueFramesMax: 10_000 },
    faults: faultsOf(server, relays, () =>
      createNatsBroker({ servers: nextUrl(), limits: LIMITS }),
    ),
    async stop() {
      for (const relay of relays) await relay.stop()
      await server.stop()
    },
  }
}

function faultsOf(
  server: Running,
  [first, second]: readonly Relay[],
  newImpatient: () => NatsBroker,
): FaultyCluster['faults'] {
  return {
    kill: killing(server),
    freeze: {
      strike: freezing(server),
      newBroker: newImpatient,
    },
    cut: cutting([first, second]),
    stranger: {
      async say(topic, frame) {
        const stranger = await connect({ servers: server.url })
        stranger.publish(subjectOf('madang', topic), frame)
        await stranger.flush()
        await stranger.close()
      },
      malformedFrames: (broker) => (broker as NatsBroker).malformedFrames,
    },
    bounded: {
      ...BOUNDS,
      newBroker: () => createNatsBroker({ servers: server.url, limits: { ...LIMITS, ...BOUNDS } }),
    },
  }
}
