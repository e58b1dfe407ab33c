/** What happens to the file that nodes of one host share. */
import { statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as turn } from 'node:timers/promises'
import type { Stage, StageOptions } from '../stage/stage.ts'
import type { Scenario } from './scenario.ts'
import { refusals, until } from './wait.ts'

const CALM_MS = 2_500
const KILLS = 100
const LOCK_MS = 10_000
const FULL_MS = 4_000

type Harm = (stage: Stage) => Promise<void>

export const sqliteFaults: readonly Scenario[] = [
  row('killed', `a node is killed ${KILLS} times in the middle of a commit, and started again`, {
    run: killed,
    stage: {
      ...{ nodes: 1, broker: 'none', ours: 4, stock: 2, sendsPerSecond: 100 },
      // Most of its time goes into starting Node: this halves it.
      env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    },
  }),
  row('disk-full', 'the disk is full twice, and has room again', {
    run: diskFull,
    stage: { storeMib: 24 },
  }),
  row('locked', `another process writes for ${LOCK_MS / 1_000} s and lets nobody else`, {
    run: locked,
  }),
  row('read-only', 'a node is started while its disk takes no writes, and again when it does', {
    run: readOnly,
    stage: { storeMib: 24, nodes: 1, broker: 'none' },
  }),
]

interface Row {
  readonly run: Harm
  readonly stage?: Partial<StageOptions>
}

function row(name: string, story: string, { run, stage }: Row): Scenario {
  return {
    name: `sqlite-${name}`,
    story,
    proves: ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I9', 'I10', 'I11', 'I12', 'I13'],
    needs: [],
    seed: 1,
    quick: false,
    stage: { store: 'sqlite', nodes: 2, ours: 6, stock: 6, ...stage },
    figures: { unansweredSends: 0 },
    run: (scene) => between(scene, run),
  }
}

async function between(stage: Stage, harm: Harm): Promise<void> {
  await stage.sleep(CALM_MS)
  await harm(stage)
  await stage.ready()
  await stage.sleep(CALM_MS)
  await checkWhole(stage)
}

const fileOf = ({ dataDir }: Stage): string => join(dataDir, 'madang.db')

async function checkWhole(stage: Stage): Promise<void> {
  const database = new DatabaseSync(fileOf(stage), { readOnly: true })
  const answer = database.prepare('pragma integrity_check').get()
  database.close()
  if (answer?.integrity_check !== 'ok')
    throw new Error(`the file is damaged: ${JSON.stringify(answer)}`)
}

/** The log that is written ahead has changed: its write is done or under way, and the wait for the disk begins. */
async function commitBegins(stage: Stage): Promise<void> {
  const log = () =>
    statSync(`${fileOf(stage)}-wal`, { bigint: true, throwIfNoEntry: false })?.mtimeNs
  const before = log()
  while (log() === before) await turn()
}

async function killed(stage: Stage): Promise<void> {
  const [node] = stage.nodes
  for (let kill = 0; node !== undefined && kill < KILLS; kill++) {
    await stage.sleep(50 + stage.random.below(150))
    await commitBegins(stage)
    await stage.nemesis.strike(
      'SIGKILL',
      `${node.name} in a commit`,
      async () => (await node.end('SIGKILL')) === null,
    )
    stage.crowd.pause()
    await node.start()
    // Stock clients wait for up to 5 s before they come back.
    await until(() => {
      for (const one of stage.crowd.all) if (!one.isOnline()) one.reconnect()
      return stage.crowd.onlineCount() >= stage.options.ours
    })
    stage.crowd.play()
  }
}

async function diskFull(stage: Stage): Promise<void> {
  const { disk } = stage.vault
  if (disk === undefined) throw new Error('the disk is not ours')
  for (let times = 0; times < 2; times++) {
    await stage.nemesis.strike('full', 'disk', async () => {
      const before = await refusals(stage, 'unavailable')
      await until(async () => {
        disk.fill()
        return (await refusals(stage, 'unavailable')) > before
      })
      await stage.sleep(FULL_MS)
      disk.free()
      return true
    })
    await stage.ready()
    await stage.sleep(CALM_MS)
  }
}

async function locked(stage: Stage): Promise<void> {
  await stage.nemesis.strike('begin exclusive', 'madang.db', async () => {
    const other = new DatabaseSync(fileOf(stage), { timeout: LOCK_MS })
    const before = await refusals(stage, 'busy')
    other.exec('begin exclusive')
    await stage.sleep(LOCK_MS)
    await until(async () => (await refusals(stage, 'busy')) > before)
    other.exec('rollback')
    other.close()
    return true
  })
}

/** A disk can only be made read-only while nobody writes there: the node is ended, and must refuse to start. */
async function readOnly(stage: Stage): Promise<void> {
  const { disk } = stage.vault
  const [node] = stage.nodes
  if (disk === undefined || node === undefined) throw new Error('the disk is not ours')
  await stage.nemesis.strike('read-only', 'disk', async () => {
    await node.end('SIGKILL')
    disk.set('ro')
    const refusal = await node.start().then(
      () => 'none',
      (error: unknown) => String(error),
    )
    disk.set('rw')
    stage.progress(refusal.split('\n').slice(0, 3).join(' '))
    if (refusal === 'none') throw new Error('a node started on a disk that takes no writes')
    await node.start()
    return true
  })
}
