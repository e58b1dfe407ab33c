/** Plays one scenario from the first process to the verdict. */

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Judgement, judge } from '../checker/checker.ts'
import { type Figure, heldTo } from '../checker/figures.ts'
import { factsOf } from '../history/facts.ts'
import { History } from '../history/history.ts'
import type { HistoryRecord, Note } from '../history/record.ts'
import { type Timeline, timelineOf } from '../report/timeline.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { Stage, type StageOptions, USUAL } from '../stage/stage.ts'
import { tellTruth } from '../stage/truth.ts'

export interface PlayOptions {
  readonly seed: number
  /** What differs from the scenario's own stage. */
  readonly stage: Partial<StageOptions>
  /** Where the run's folder is made. */
  readonly folder: string
  /** How to play it again. */
  readonly command: string
  /** Whether the records are kept whatever the verdict; those of a run that is not true always are. */
  readonly keep: boolean
  readonly progress: (line: string) => void
  /** Ends the run when it aborts: everything that was started is stopped, and the promise rejects. */
  readonly signal: AbortSignal
  /** Given the records before they are judged. */
  inspect?(records: readonly HistoryRecord[]): void
}

export interface Played {
  readonly scenario: Scenario
  readonly seed: number
  /** Without the records: those of all scenarios are more than fits into memory. */
  readonly judgement: Omit<Judgement, 'evidence'>
  readonly figures: readonly Figure[]
  readonly timeline: Timeline
  /** What it was played with. */
  readonly stage: Partial<StageOptions>
  readonly tookMs: number
  /** Where the records are; undefined: they were removed. */
  readonly kept: string | undefined
  readonly command: string
}

/** Rejects where the story could not be told. */
export async function play(scenario: Scenario, options: PlayOptions): Promise<Played> {
  const { seed, command, progress } = options
  const startedAt = performance.now()
  const history = await History.open(join(options.folder, `${scenario.name}-${seed}`))
  history.source('run')({ kind: 'run', scenario: scenario.name, seed, command })
  try {
    await perform(scenario, history, options)
  } finally {
    await history.close()
  }
  options.inspect?.(history.records)
  const { evidence, ...judgement } = judge(history.records, scenario.proves)
  const keep = options.keep || judgement.verdict !== 'true'
  if (!keep) await history.remove()
  const tookMs = performance.now() - startedAt
  progress(`${judgement.verdict} after ${(tookMs / 1_000).toFixed(1)} s`)
  return {
    ...{ scenario, seed, judgement, tookMs, command },
    figures: heldTo(judgement.figures, scenario.figures),
    timeline: timelineOf(evidence),
    stage: { ...scenario.stage, ...options.stage },
    kept: keep ? history.folder : undefined,
  }
}

async function perform(
  scenario: Scenario,
  history: History,
  { seed, stage: changes, progress, signal }: PlayOptions,
): Promise<void> {
  const options = { ...USUAL, ...scenario.stage, ...changes }
  const stage = await Stage.open({ options, seed, history, progress })
  try {
    await Promise.race([aborted(signal), tellStory(scenario, stage, history)])
  } finally {
    await stage.close()
  }
}

/** Rejects when the signal aborts, and does nothing else. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

async function tellStory(scenario: Scenario, stage: Stage, history: History): Promise<void> {
  const { progress } = stage
  stage.crowd.play()
  await scenario.run(stage)
  progress('comes to rest')
  await stage.crowd.rest()
  await stage.crowd.finish()
  const note = history.source('truth')
  await tellAudit(stage, note)
  await stage.crowd.stop()
  await tellGauges(stage, note)
  await stage.closeNodes()
  await tellTruth({
    ...{ dataDir: stage.dataDir, databaseUrl: stage.vault.env.DATABASE_URL, note },
    channels: [stage.keeper.hall, stage.keeper.club],
    people: stage.crowd.all.map(({ person }) => person),
  })
}

/** What a member can read of the logs when all is over. */
async function tellAudit({ keeper }: Stage, note: Note): Promise<void> {
  for (const channel of [keeper.hall, keeper.club]) {
    for (const event of await keeper.read(channel)) note({ kind: 'audit', ...factsOf(event) })
  }
}

/** What has to be at nothing when everybody has gone. */
const GAUGES = ['madang_sockets', 'madang_people', 'madang_feeds', 'madang_hand_overs'] as const
const GAUGE_CHECK_MS = 100
/** How long a gauge may stand still above nothing before it counts as stuck, in ms: longer than anything is kept for those who come back. */
const GAUGE_STILL_MS_MAX = 45_000

async function tellGauges({ running }: Stage, note: Note): Promise<void> {
  for (const node of running) {
    for (const name of GAUGES) {
      let [value, still] = [await node.metric(name), performance.now()]
      while (value !== 0 && performance.now() - still < GAUGE_STILL_MS_MAX) {
        await sleep(GAUGE_CHECK_MS)
        const now = await node.metric(name)
        if (now !== value) still = performance.now()
        value = now
      }
      note({ kind: 'gauge', node: node.name, name, value })
    }
  }
}
