/** What happens to PostgreSQL under nodes that share it: nothing acknowledged is lost, and sends that were refused are stored once when it is back. */
import { asAdmin } from '@madang/server/testing'
import type { Running } from '../../../tests/services/part.ts'
import type { Stage, StageOptions } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'
import { atLast, gone, refusals, until } from './wait.ts'

const CALM_MS = 2_500
const AWAY_MS = 4_000
const LOCK_MS = 10_000
const CUTS = 8
const CUT_MS = 400

type Harm = (stage: Stage, server: Running) => Promise<void>

export const postgresFaults: readonly Scenario[] = [
  row('killed', 'the server is killed with its children left behind, and started again', {
    run: killed,
    quick: true,
  }),
  row('restart-immediate', 'the server is restarted without a checkpoint (SIGQUIT)', {
    run: (stage, server) => restarted(stage, server, 'SIGQUIT'),
  }),
  row('restart-fast', 'the server is restarted as a package upgrade does (SIGINT)', {
    run: (stage, server) => restarted(stage, server, 'SIGINT'),
  }),
  row('backends-killed', `all connections of the nodes are ended ${CUTS} times, in use and idle`, {
    run: backendsKilled,
  }),
  row('locked', `somebody holds the table of channels for ${LOCK_MS / 1_000} s`, {
    run: locked,
    stage: { env: { DATABASE_TIMEOUT_MS: '2000' } },
  }),
  row('exhausted', `others hold every connection that the server takes for ${AWAY_MS / 1_000} s`, {
    run: exhausted,
    stage: { storeArgs: ['-c', 'max_connections=20'] },
  }),
  row('disk-full', 'its disk is full, until it gives up, and has room again', {
    run: diskFull,
    needs: ['root'],
    stage: { storeMib: 128 },
  }),
  row(
    'cut-off',
    `one node is cut off from the server for ${AWAY_MS / 1_000} s, then from its answers`,
    {
      run: cutOff,
      stage: { proxied: ['store'], env: { DATABASE_TIMEOUT_MS: '1000' } },
    },
  ),
]

interface Row {
  readonly run: Harm
  readonly quick?: boolean
  readonly needs?: Scenario['needs']
  readonly stage?: Partial<StageOptions>
}

function row(name: string, story: string, { run, quick, needs, stage }: Row): Scenario {
  return {
    name: `postgres-${name}`,
    story,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I9', 'I10', 'I11', 'I12', 'I13'],
    needs: ['postgres', ...(needs ?? [])],
    seed: 1,
    quick: quick ?? false,
    stage: { store: 'postgres', nodes: 2, ours: 6, stock: 6, ...stage },
    figures: { unansweredSends: 0 },
    run: (scene) => between(scene, run),
  }
}

async function between(stage: Stage, harm: Harm): Promise<void> {
  const { server } = stage.vault
  if (server === undefined) throw new Error('this story is about PostgreSQL')
  await stage.sleep(CALM_MS)
  await harm(stage, server)
  await stage.ready()
  await stage.sleep(CALM_MS)
}

/** Nodes that noticed are the proof: they answer "not now" to whoever sends. */
async function killed(stage: Stage, server: Running): Promise<void> {
  await stage.nemesis.strike('SIGKILL', 'postgres', async () => {
    await server.kill()
    await stage.ready('not_ready')
    await atLast(() => server.restart())
    return (await refusals(stage, 'unavailable')) > 0
  })
}

async function restarted(
  stage: Stage,
  server: Running,
  signal: 'SIGINT' | 'SIGQUIT',
): Promise<void> {
  await stage.nemesis.strike(signal, 'postgres', async () => {
    const { pid } = server
    process.kill(pid, signal)
    await gone(pid)
    await until(async () => (await refusals(stage, 'unavailable')) > 0)
    await atLast(() => server.restart())
    return server.pid !== pid
  })
}

async function backendsKilled(stage: Stage, server: Running): Promise<void> {
  const cut = `select count(pg_terminate_backend(pid))::int as ended from pg_stat_activity where application_name = 'madang'`
  for (let cuts = 0; cuts < CUTS; cuts++) {
    await stage.nemesis.strike('pg_terminate_backend', 'nodes', () =>
      asAdmin(server.url, async (admin) => {
        await until(
          async () => ((await admin.query<{ ended: number }>(cut)).rows[0]?.ended ?? 0) > 0,
        )
        return true
      }),
    )
    await stage.sleep(CUT_MS * (0.5 + stage.random.next()))
  }
}

async function locked(stage: Stage, server: Running): Promise<void> {
  await stage.nemesis.strike('locked', 'channels', () =>
    asAdmin(server.url, async (admin) => {
      await admin.query('begin')
      await admin.query('lock table channels')
      await stage.sleep(LOCK_MS)
      await until(async () => (await refusals(stage, 'busy')) > 0)
      await admin.query('rollback')
      return true
    }),
  )
}

/** They wait in line with the nodes, whose connections are ended until none of them is left. */
async function exhausted(stage: Stage, server: Running): Promise<void> {
  const over = Promise.withResolvers<void>()
  const holders: Promise<void>[] = []
  const hold = () =>
    new Promise<boolean>((resolve) => {
      const held = asAdmin(server.url, async () => {
        resolve(true)
        await over.promise
      })
      holders.push(held.catch(() => resolve(false)))
    })
  await stage.nemesis.strike('exhausted', 'postgres', () =>
    asAdmin(server.url, async (admin) => {
      const others = `from pg_stat_activity where application_name = 'madang'`
      try {
        await until(async () => {
          await admin.query(`select pg_terminate_backend(pid) ${others}`)
          while (await hold());
          return (await admin.query(`select ${others}`)).rowCount === 0
        })
        await stage.sleep(AWAY_MS)
        await until(async () => (await refusals(stage, 'busy')) > 0)
      } finally {
        over.resolve()
      }
      await Promise.all(holders)
      return true
    }),
  )
}

/** First rows have no room, which the server survives; then its log has none, which it does not. */
async function diskFull(stage: Stage, server: Running): Promise<void> {
  const { disk } = stage.vault
  if (disk === undefined) throw new Error('the disk is not ours')
  await stage.nemesis.strike('full', 'disk', async () => {
    disk.fill()
    await until(async () => (await refusals(stage, 'unavailable')) > 0)
    const { pid } = server
    const over = gone(pid).then(() => true)
    const oneMore = () => asAdmin(server.url, (admin) => admin.query('select pg_switch_wal()'))
    while (!(await Promise.race([over, stage.sleep(CUT_MS)]))) {
      disk.fill()
      await oneMore().catch(() => {})
    }
    await stage.sleep(AWAY_MS)
    disk.free()
    await atLast(() => server.restart())
    return server.pid !== pid
  })
}

async function cutOff(stage: Stage): Promise<void> {
  const [link] = stage.links.store
  const [node] = stage.nodes
  if (link === undefined || node === undefined) throw new Error('nothing lies between')
  for (const path of ['refused', 'silent'] as const) {
    await stage.nemesis.strike(path, link.name, async () => {
      const before = await node.metric('madang_requests_total', 'outcome="unavailable"')
      await link.set({ path })
      await node.until('not_ready')
      await stage.sleep(AWAY_MS)
      await link.fair()
      await node.until('ready')
      return (await node.metric('madang_requests_total', 'outcome="unavailable"')) > before
    })
  }
}
