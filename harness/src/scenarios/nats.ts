/** What happens to NATS under nodes that hear of each other through it. */
import { spawnSync } from 'node:child_process'
import { freeze } from '../../../tests/services/freeze.ts'
import { nats } from '../../../tests/services/nats.ts'
import type { Running } from '../../../tests/services/part.ts'
import type { BrokerName } from '../stage/brokers.ts'
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'
import { atLast, gone, until } from './wait.ts'

const CALM_MS = 2_500
const PAUSE_MS = 600
const FROZEN_MS = 8_000
const REPAIRED_MS = 12_000
const AWAY_REPAIRED_MS = 2_000

type Harm = (stage: Stage, server: Running) => Promise<void>

export const natsFaults: readonly Scenario[] = [
  row('killed', 'nats', 'the server dies three times and is back at once', {
    run: killed,
    repairedMs: AWAY_REPAIRED_MS,
  }),
  row(
    'frozen',
    'nats',
    `the server stands still for ${FROZEN_MS / 1_000} s, its connections open`,
    {
      run: frozen,
    },
  ),
  row(
    'lame-duck',
    'nats-cluster',
    'one of two servers asks everybody to go to the other, and ends',
    {
      run: lameDuck,
    },
  ),
]

interface Row {
  readonly run: Harm
  readonly repairedMs?: number
}

function row(
  name: string,
  broker: BrokerName,
  story: string,
  { run, repairedMs = REPAIRED_MS }: Row,
): Scenario {
  return {
    name: `nats-${name}`,
    story,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I9', 'I10', 'I11', 'I12', 'I13'],
    needs: ['nats'],
    seed: 1,
    quick: false,
    stage: { broker, nodes: 2, ours: 6, stock: 6 },
    figures: { unansweredSends: 0, delayMaxMs: repairedMs },
    run: (stage) => between(stage, run),
  }
}

async function between(stage: Stage, harm: Harm): Promise<void> {
  const [server] = stage.broker.servers
  if (server === undefined) throw new Error('this story is about NATS')
  await stage.sleep(CALM_MS)
  await harm(stage, server)
  await stage.ready()
  const before = await stage.framesReceived()
  await stage.sleep(CALM_MS)
  await until(async () => (await stage.framesReceived()) > before)
}

async function killed(stage: Stage, server: Running): Promise<void> {
  for (let deaths = 0; deaths < 3; deaths++) {
    await stage.nemesis.strike('SIGKILL', 'nats', async () => {
      const { pid } = server
      await server.kill()
      await atLast(() => server.restart())
      return server.pid !== pid
    })
    await stage.sleep(PAUSE_MS * (0.5 + stage.random.next()))
  }
}

async function frozen(stage: Stage, { pid }: Running): Promise<void> {
  await stage.nemesis.strike('SIGSTOP', 'nats', async () => {
    const before = await stage.framesReceived()
    await freeze(pid)
    await stage.sleep(FROZEN_MS)
    await stage.ready('degraded')
    process.kill(pid, 'SIGCONT')
    await stage.ready('ready')
    return (await stage.framesReceived()) > before
  })
}

async function lameDuck(stage: Stage, server: Running): Promise<void> {
  const found = await nats.find()
  if (!found.found) throw new Error(found.why)
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
