import type { Broker } from '../broker.ts'
import { brokerFaultCases, type FaultyCluster } from '../broker-faults.case.ts'
import { PrimaryProcess } from '../testing/ipc-primary.ts'
import { Relay } from '../testing/relay.ts'
import { cutting, freezing, killing } from '../testing/strikes.ts'
import { createIpcBroker } from './ipc.ts'

/** A primary that stands still is noticed soon. */
const LIMITS = { heartbeatMs: 300, replyMsMax: 2_000 }
const BOUNDS = { queueFramesMax: 50, queueBytesMax: 10_000, ageMsMax: 300 }
const ONE_PRIMARY = 'a host has one primary, and no replica of it'

brokerFaultCases({
  name: 'ipc',
  skip: {
    'a replica takes over in agreement': ONE_PRIMARY,
    'a master is killed and its replica takes over': ONE_PRIMARY,
    'topics move to another server': ONE_PRIMARY,
    'frames of a stranger are counted and dropped':
      'whoever may open the socket is a worker; what is no record is in ipc/primary.test.ts',
  },
  newCluster,
})

/** Workers reach the primary through a relay each, the last of which all later ones share. */
async function newCluster(): Promise<FaultyCluster> {
  const primary = new PrimaryProcess({ queueBytesMax: 1_000_000 })
  await primary.start()
  const paths = [1, 2, 3].map((i) => `${primary.path}-${i}`)
  const relays = await Promise.all(paths.map((path) => Relay.to(primary.path, path)))
  const free = [...paths]
  const nextPath = () => (free.length > 1 ? free.shift() : free[0]) ?? primary.path
  return {
    frameBytesMax: 1_048_576,
    newBroker: () => createIpcBroker({ path: nextPath() }),
    outage: { cut: () => primary.kill(), heal: () => primary.start(), queueFramesMax: 10_000 },
    faults: faultsOf(primary, relays, () => createIpcBroker({ path: nextPath(), limits: LIMITS })),
    async stop() {
      for (const relay of relays) await relay.stop()
      await primary.stop()
    },
  }
}

function faultsOf(
  primary: PrimaryProcess,
  relays: readonly Relay[],
  newImpatient: () => Broker,
): FaultyCluster['faults'] {
  const [first, second] = relays
  return {
    kill: killing({ kill: () => primary.kill(), restart: () => primary.start() }),
    freeze: {
      strike: freezing(primary),
      newBroker: newImpatient,
    },
    cut: cutting([first, second]),
    async slow(node, [topic = ''], speaker) {
      const gaps = node.heard.gaps.length
      first?.stopReading()
      for (let i = 0; i < 30; i++) speaker.broker.publish(topic, Buffer.alloc(100_000))
      await speaker.broker.subscribe('a turn of the primary')
      first?.readOn()
      await node.heard.until('the gap is told', () => node.heard.gaps.length > gaps)
    },
    bounded: {
      ...BOUNDS,
      newBroker: () => createIpcBroker({ path: primary.path, limits: { ...LIMITS, ...BOUNDS } }),
    },
  }
}
