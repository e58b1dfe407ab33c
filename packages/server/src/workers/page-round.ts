/** Asks workers for their metrics, and hands what came in time to the worker that wanted them: the primary reads none of it. */
import type { Clock } from '../clock.ts'
import { WORKER_LIMITS } from './limits.ts'
import type { ToWorker, WorkerPage } from './words.ts'

export interface Askable {
  readonly id: number
  tell(word: ToWorker): void
}

interface Round {
  readonly pages: WorkerPage[]
  readonly missing: Set<number>
  finish(): void
}

export class PageRounds {
  readonly #clock: Clock
  readonly #rounds = new Map<number, Round>()
  #last = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** `question` is the asker's own number for it. */
  begin(asker: Askable, question: number, others: readonly Askable[]): void {
    const round = ++this.#last
    const pages: WorkerPage[] = []
    const missing = new Set(others.map(({ id }) => id))
    const finish = () => {
      timer.cancel()
      this.#rounds.delete(round)
      asker.tell({ madang: 'pages', question, pages })
    }
    const timer = this.#clock.after(WORKER_LIMITS.pagesMsMax, finish)
    this.#rounds.set(round, { pages, missing, finish })
    for (const other of others) other.tell({ madang: 'page', question: round })
    if (missing.size === 0) finish()
  }

  came(worker: number, round: number, body: string): void {
    const found = this.#rounds.get(round)
    if (!found?.missing.delete(worker)) return
    found.pages.push({ worker, body })
    if (found.missing.size === 0) found.finish()
  }

  /** Nobody waits for a worker that is gone. */
  gone(worker: number): void {
    for (const { missing, finish } of [...this.#rounds.values()]) {
      if (missing.delete(worker) && missing.size === 0) finish()
    }
  }

  stop(): void {
    for (const { finish } of [...this.#rounds.values()]) finish()
  }
}
