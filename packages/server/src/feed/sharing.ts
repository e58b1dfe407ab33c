/** Collects questions of one turn, and those that come while an answer is under way, and has them answered together. */
import type { Clock, Timer } from '../clock.ts'

export interface Asked<Question, Answer> {
  readonly question: Question
  resolve(answer: Answer): void
  reject(error: unknown): void
}

/** Answers some of the questions (at least one) in one call and returns those that are left for the next. Must not reject. */
export type AnswerSome<Question, Answer> = (
  asked: readonly Asked<Question, Answer>[],
) => Promise<readonly Asked<Question, Answer>[]>

/** There is one call at a time, so that load makes the calls larger and not more. */
export class Sharing<Question, Answer> {
  readonly #clock: Clock
  readonly #answerSome: AnswerSome<Question, Answer>
  #asked: Asked<Question, Answer>[] = []
  #timer: Timer | undefined
  #busy = false
  #ended: Error | undefined

  constructor(clock: Clock, answerSome: AnswerSome<Question, Answer>) {
    this.#clock = clock
    this.#answerSome = answerSome
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended)
        return
      }
      this.#asked.push({ question, resolve, reject })
      if (!this.#busy) this.#timer ??= this.#clock.after(0, () => void this.#work())
    })
  }

  /** What waits, and whatever is asked later, is rejected with this; the call that is under way is answered. */
  end(error: Error): void {
    this.#ended ??= error
    this.#timer?.cancel()
    const waiting = this.#asked
    this.#asked = []
    for (const { reject } of waiting) reject(error)
  }

  async #work(): Promise<void> {
    this.#timer = undefined
    this.#busy = true
    while (this.#asked.length > 0) {
      const asked = this.#asked
      this.#asked = []
      const left = await this.#answerSome(asked)
      this.#asked = [...left, ...this.#asked]
      if (this.#ended !== undefined) this.end(this.#ended)
    }
    this.#busy = false
  }
}
