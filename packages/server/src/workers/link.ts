/** The worker's side: what its primary tells it, and what it asks. */
import type { Clock } from '../clock.ts'
import { WORKER_LIMITS } from './limits.ts'
import { mergePages } from './merge-pages.ts'
import {
  type FleetFacts,
  isToWorker,
  type ToPrimary,
  type ToWorker,
  type WorkerPage,
} from './words.ts'

/** The part of `process` that is needed. */
export interface Channel {
  send?(word: ToPrimary, handle: undefined, options: object, done: () => void): unknown
  on(event: 'message', listener: (said: unknown) => void): unknown
}

type Look = () => Promise<{ readonly type: string; readonly body: string }>

export class WorkerLink {
  readonly worker: number
  readonly #channel: Channel
  readonly #clock: Clock
  readonly #questions = new Map<number, (pages: readonly WorkerPage[]) => void>()
  #last = 0
  #own: Look | undefined
  #onLeave: ((how: 'retire' | 'stop') => void) | undefined
  #onShut: (() => void) | undefined
  /** As it is known before the primary has said a word. */
  facts: FleetFacts = {
    ...{ wanted: 1, starting: 1, ready: 0, leaving: 0 },
    replaced: 0,
    stopping: false,
  }

  constructor(worker: number, channel: Channel, clock: Clock) {
    this.worker = worker
    this.#channel = channel
    this.#clock = clock
    channel.on('message', (said) => {
      if (isToWorker(said)) this.#hear(said)
    })
  }

  ready(url: string): void {
    this.#say({ madang: 'ready', url })
  }

  /** Somebody has told this worker alone to stop: its primary decides. */
  told(): void {
    this.#say({ madang: 'told' })
  }

  onLeave(listener: (how: 'retire' | 'stop') => void): void {
    this.#onLeave = listener
  }

  onShut(listener: () => void): void {
    this.#onShut = listener
  }

  /** The metrics of all workers of this host as one page. `own` is also what the others are given from now on. */
  async page(own: Look): Promise<{ readonly type: string; readonly body: string }> {
    const [mine, others] = await Promise.all([own(), this.#othersPages()])
    const pages = [{ worker: this.worker, body: mine.body }, ...others]
    return { type: mine.type, body: mergePages(pages, this.facts) }
  }

  /** What the others get when they ask. */
  show(own: Look): void {
    this.#own = own
  }

  #hear(word: ToWorker): void {
    switch (word.madang) {
      case 'facts':
        this.facts = word.facts
        break
      case 'leave':
        this.#onLeave?.(word.how)
        break
      case 'shut':
        this.#onShut?.()
        break
      case 'page':
        void this.#answer(word.question)
        break
      case 'pages':
        this.#questions.get(word.question)?.(word.pages)
        break
    }
  }

  async #answer(question: number): Promise<void> {
    const body = await this.#own?.().then(
      (page) => page.body,
      () => '',
    )
    this.#say({ madang: 'page', question, body: body ?? '' })
  }

  /** None where the primary does not answer in time. */
  #othersPages(): Promise<readonly WorkerPage[]> {
    const question = ++this.#last
    return new Promise((resolve) => {
      const settle = (pages: readonly WorkerPage[]) => {
        timer.cancel()
        this.#questions.delete(question)
        resolve(pages)
      }
      const timer = this.#clock.after(2 * WORKER_LIMITS.pagesMsMax, () => settle([]))
      this.#questions.set(question, settle)
      this.#say({ madang: 'pages', question })
    })
  }

  /** A primary that is gone takes its workers with it: nothing is lost with the word. */
  #say(word: ToPrimary): void {
    this.#channel.send?.(word, undefined, {}, () => {})
  }
}
