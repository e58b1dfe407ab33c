/** The story of every broker that is harmed while it carries frames: a calm before, the harm, and frames that flow again. */
import { freeze } from '../../../tests/services/freeze.ts'
import type { Running } from '../../../tests/services/part.ts'
import type { BrokerName } from '../stage/brokers.ts'
import type { Stage, StageOptions } from '../stage/stage.ts'
import type { Need, Scenario } from './scenario.ts'
import { atLast, until } from './wait.ts'

/** Before and after the harm, in ms. */
export const CALM_MS = 2_500
/** A server that stands still does so for this long, in ms: longer than nodes take it for one that is there. */
export const FROZEN_MS = 8_000
/** A loss that nobody told of is found by comparing heads, every 10 s, give or take a fifth. */
const REPAIRED_MS = 12_000
/** While the broker is known to be away, every second. */
export const AWAY_REPAIRED_MS = 2_000
const DEATHS = 3

export interface BrokerStory {
  readonly name: string
  readonly broker: BrokerName
  readonly story: string
  readonly need: Need
  readonly harm: (stage: Stage) => Promise<void>
  /** How long a delivery may take at most, in ms; 12 s unless given. */
  readonly repairedMs?: number | undefined
  readonly stage?: Partial<StageOptions> | undefined
}

export function brokerStory({ name, broker, story, need, harm, ...rest }: BrokerStory): Scenario {
  return {
    ...{ name, story },
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I9', 'I10', 'I11', 'I12', 'I13'],
    needs: [need],
    seed: 1,
    quick: false,
    stage: { broker, nodes: 2, ours: 6, stock: 6, ...rest.stage },
    figures: { unansweredSends: 0, delayMaxMs: rest.repairedMs ?? REPAIRED_MS },
    run: (stage) => between(stage, harm),
  }
}

async function between(stage: Stage, harm: BrokerStory['harm']): Promise<void> {
  await stage.sleep(CALM_MS)
  await harm(stage)
  await stage.ready()
  const before = await stage.framesReceived()
  await stage.sleep(CALM_MS)
  await until(async () => (await stage.framesReceived()) > before)
}

/** The broker's only server, or the first of them. */
export function serverOf(stage: Stage): Running {
  const [server] = stage.broker.servers
  if (server === undefined) throw new Error('this story is about a broker with a server')
  return server
}

/** It dies again and again, and is back at once with nothing in it. */
export async function restartedAgain(stage: Stage, pauseMs: number): Promise<void> {
  const server = serverOf(stage)
  for (let deaths = 0; deaths < DEATHS; deaths++) {
    await stage.nemesis.strike('SIGKILL', stage.broker.name, async () => {
      const { pid } = server
      await server.kill()
      await atLast(() => server.restart())
      return server.pid !== pid
    })
    await stage.sleep(pauseMs * (0.5 + stage.random.next()))
  }
}

/** It stands still, its connections open, until the nodes have noticed. */
export async function standsStill(stage: Stage): Promise<void> {
  const { pid } = serverOf(stage)
  await stage.nemesis.strike('SIGSTOP', stage.broker.name, async () => {
    const before = await stage.framesReceived()
    await freeze(pid)
    await stage.sleep(FROZEN_MS)
    await stage.ready('degraded')
    process.kill(pid, 'SIGCONT')
    await stage.ready('ready')
    return (await stage.framesReceived()) > before
  })
}
