/** Plays a script: lets visitors come as its phases say, and waits until the last has left. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Phase, Script } from './script.ts'
import { Tally } from './tally.ts'
import { visit } from './visitor.ts'

export interface PlayedPhase {
  readonly phase: Phase
  readonly tally: Tally
  /** CPU time of the server while the phase lasted, of one core; NaN where nobody tells. */
  readonly cpuShare: number
}

export interface ReplayOptions {
  /** In place of the script's target. */
  readonly url: string
  /** CPU time of the server's processes so far, in ms. */
  readonly cpuMs: () => number
  readonly progress: (line: string) => void
}

const answerMsMax = 20_000

export async function replay(
  script: Script,
  options: ReplayOptions,
): Promise<readonly PlayedPhase[]> {
  const played: PlayedPhase[] = []
  const visits: Promise<void>[] = []
  for (const phase of script.phases) {
    options.progress(`${phase.name}: ${phase.arrivalsPerSecond}/s for ${phase.seconds} s`)
    const tally = new Tally()
    const [startedMs, cpuBefore] = [performance.now(), options.cpuMs()]
    const count = Math.round(phase.seconds * phase.arrivalsPerSecond)
    for (let at = 0; at < count; at++) {
      const dueMs = startedMs + (at * 1_000) / phase.arrivalsPerSecond
      // Where it is late already, those who are there get their turn all the same.
      await wait(Math.max(0, dueMs - performance.now()))
      const { steps } = scenarioAt(script, at)
      const { transports } = script
      visits.push(visit({ url: options.url, transports, steps, answerMsMax }, tally))
    }
    const restMs = startedMs + phase.seconds * 1_000 - performance.now()
    if (restMs > 0) await wait(restMs)
    const cpuShare = (options.cpuMs() - cpuBefore) / (performance.now() - startedMs)
    played.push({ phase, tally, cpuShare })
  }
  await Promise.all(visits)
  return played
}

/** In turn. */
function scenarioAt({ scenarios }: Script, at: number): Script['scenarios'][number] {
  const scenario = scenarios[at % scenarios.length]
  if (scenario === undefined) throw new Error('there is no scenario')
  return scenario
}
