/** What happens to NATS under nodes that hear of each other through it. */
import { spawnSync } from 'node:child_process'
import { nats } from '../../../tests/services/nats.ts'
import type { BrokerName } from '../stage/brokers.ts'
import type { Stage } from '../stage/stage.ts'
import {
  AWAY_REPAIRED_MS,
  type BrokerStory,
  brokerStory,
  CALM_MS,
  FROZEN_MS,
  restartedAgain,
  serverOf,
  standsStill,
} from './broker-harm.ts'
import type { Scenario } from './scenario.ts'
import { atLast, gone } from './wait.ts'

const PAUSE_MS = 600

export const natsFaults: readonly Scenario[] = [
  row('killed', 'nats', 'the server dies three times and is back at once', {
    harm: (stage) => restartedAgain(stage, PAUSE_MS),
    repairedMs: AWAY_REPAIRED_MS,
  }),
  row(
    'frozen',
    'nats',
    `the server stands still for ${FROZEN_MS / 1_000} s, its connections open`,
    { harm: standsStill },
  ),
  row(
    'lame-duck',
    'nats-cluster',
    'one of two servers asks everybody to go to the other, and ends',
    { harm: lameDuck },
  ),
]

function row(
  name: string,
  broker: BrokerName,
  story: string,
  rest: Pick<BrokerStory, 'harm' | 'repairedMs'>,
): Scenario {
  return brokerStory({ name: `nats-${name}`, broker, story, need: 'nats', ...rest })
}

async function lameDuck(stage: Stage): Promise<void> {
  const found = await nats.find()
  if (!found.found) throw new Error(found.why)
  const server = serverOf(stage)
  const { pid } = server
  await stage.nemesis.strike('lame duck', 'nats', async () => {
    const { status } = spawnSync(found.path, ['--signal', `ldm=${pid}`], {
      env: { ...process.env, ...found.env },
    })
    await gone(pid)
    await stage.sleep(CALM_MS)
    await atLast(() => server.restart())
    return status === 0
  })
}
