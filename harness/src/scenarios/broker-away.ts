/** The broker goes, and comes back: chat goes on across the nodes through the store, a little slower. */
import type { BrokerName } from '../stage/brokers.ts'
import type { Stage, StageOptions } from '../stage/stage.ts'
import type { Need, Scenario } from './scenario.ts'

const CALM_MS = 1_500
const AWAY_MS = 4_000

export const brokerAway: readonly Scenario[] = [
  row('redis', 'redis', { store: 'postgres' }),
  row('redis-cluster', 'redis', { nodes: 2 }),
  row('redis-partitions', 'redis', { nodes: 2 }),
  row('nats', 'nats', {}),
]

function row(broker: BrokerName, need: Need, stage: Partial<StageOptions>): Scenario {
  return {
    name: `broker-away-${broker}`,
    story: `all of ${broker} is killed, and started again ${AWAY_MS / 1_000} s later`,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I9', 'I11', 'I12', 'I13'],
    needs: [need],
    seed: 1,
    quick: true,
    stage: { broker, ours: 6, stock: 6, ...stage },
    // While it is known to be away, nodes compare their heads with the store every second.
    figures: { unansweredSends: 0, delayMaxMs: 2_000 },
    run: cutAndHeal,
  }
}

async function cutAndHeal(stage: Stage): Promise<void> {
  await stage.sleep(CALM_MS)
  const { name } = stage.broker
  await stage.nemesis.strike('killed', name, async () => {
    await stage.broker.cut()
    // Readiness that fell is the proof that the nodes had something to lose.
    await stage.ready('degraded')
    await stage.sleep(AWAY_MS)
    await stage.broker.heal()
    await stage.ready('ready')
    return (await stage.framesReceived()) > 0
  })
  await stage.sleep(CALM_MS)
}
