/** nginx is told to read its configuration again and again, or is killed. */
import { childrenOf } from '../../../tests/services/freeze.ts'
import type { Stage } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'

const CALM_MS = 1_500
const RELOADS = 6
const RELOAD_EVERY_MS = 5_000
const KILLS = 2
const AWAY_MS = 1_000
const CHECK_MS = 50

export const front: readonly Scenario[] = [
  {
    ...row('nginx-reloaded', `nginx reads its configuration again every 5 s, ${RELOADS} times`),
    // Workers that are replaced serve the connections that they have.
    figures: { unansweredSends: 0, movesMax: 0 },
    run: reload,
  },
  {
    ...row('nginx-killed', `nginx is killed and started again, ${KILLS} times`),
    figures: { unansweredSends: 0, caughtUpMs: 30_000 },
    run: kill,
  },
]

function row(name: string, story: string): Omit<Scenario, 'run' | 'figures'> {
  return {
    name,
    story,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I9', 'I10', 'I11', 'I12', 'I13'],
    needs: ['nginx'],
    seed: 1,
    quick: false,
    stage: { front: true, ours: 9, stock: 9 },
  }
}

async function reload({ front: nginx, nemesis, sleep }: Stage): Promise<void> {
  for (let count = 0; count < RELOADS; count++) {
    await sleep(RELOAD_EVERY_MS)
    await nemesis.strike('SIGHUP', 'nginx', async () => {
      const { pid } = nginx.process
      const before = childrenOf(pid)
      await nginx.reload()
      return childrenOf(pid).some((worker) => !before.includes(worker))
    })
  }
}

async function kill({ front: nginx, nemesis, sleep, crowd }: Stage): Promise<void> {
  for (let count = 0; count < KILLS; count++) {
    await sleep(CALM_MS)
    await nemesis.strike('SIGKILL', 'nginx', async () => {
      await nginx.process.kill()
      while (crowd.onlineCount() > 0) await sleep(CHECK_MS)
      await sleep(AWAY_MS)
      await nginx.process.restart()
      return true
    })
    await crowd.online()
  }
  await sleep(CALM_MS)
}

/** Linux tells the children of a process. */
