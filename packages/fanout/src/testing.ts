/** The door for tests: the suite that every broker passes, a broker that misbehaves by seed, a clock that stands still, and what the heap holds. */
export { type BrokerCluster, type BrokerOutage, brokerCases } from './broker.case.ts'
export { FakeClock, settle } from './testing/fake-clock.ts'
export { type FaultRates, FaultyBroker, type FaultyOptions } from './testing/faulty-broker.ts'
export { heldHeapBytes } from './testing/heap.ts'
export { seededRandom } from './testing/random.ts'
