/** Runs seeds on several threads at once: each takes the next few, until all are run or one breaks a promise. */
import { Worker } from 'node:worker_threads'
import { addReports, type Range, type RangeReport } from './range.ts'
import type { Size } from './story.ts'

export interface CrewOptions extends Range {
  readonly mutant?: string | undefined
  readonly jobs: number
  /** Called as seeds are done. */
  progress(done: number): void
}

export interface CrewReport extends RangeReport {
  /** CPU of the whole process while it ran, in ms. */
  readonly cpuMs: number
  readonly wallMs: number
}

/** What a thread is told when it begins. */
export interface Orders {
  readonly mutant: string | undefined
}

/** Seeds that a thread takes at once, at most. A large story costs as much as a dozen small ones. */
const SHARE: Readonly<Record<Size, number>> = { small: 100, large: 10 }

export async function runCrew(options: CrewOptions): Promise<CrewReport> {
  const { from, seeds, jobs, size, weather, goesOn = false, mutant, progress } = options
  const [cpu, startedAt] = [process.cpuUsage(), performance.now()]
  let next = from
  let report: RangeReport = { sums: {}, longestMs: {}, broken: [] }
  const shareMax = Math.min(SHARE[size], Math.ceil(seeds / (4 * jobs)))
  const work = async (): Promise<void> => {
    const hand = new Hand({ mutant })
    try {
      while (next < from + seeds && (goesOn || report.broken.length === 0)) {
        const share = Math.min(shareMax, from + seeds - next)
        next += share
        const part = await hand.run({ from: next - share, seeds: share, size, weather, goesOn })
        report = addReports(report, part)
        progress(report.sums.seeds ?? 0)
      }
    } finally {
      await hand.stop()
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  const { user, system } = process.cpuUsage(cpu)
  return { ...report, cpuMs: (user + system) / 1_000, wallMs: performance.now() - startedAt }
}

/** One thread. */
class Hand {
  readonly #worker: Worker

  constructor(orders: Orders) {
    this.#worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: orders })
  }

  /** Rejects where the thread ends. */
  run(range: Range): Promise<RangeReport> {
    const worker = this.#worker
    return new Promise((resolve, reject) => {
      const done = (report: RangeReport) => settle(() => resolve(report))
      const failed = (error: Error) => settle(() => reject(error))
      const ended = (code: number) => failed(new Error(`a thread ended with ${code}`))
      const settle = (tell: () => void) => {
        worker.off('message', done).off('error', failed).off('exit', ended)
        tell()
      }
      worker.on('message', done).on('error', failed).on('exit', ended)
      worker.postMessage(range)
    })
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }
}
