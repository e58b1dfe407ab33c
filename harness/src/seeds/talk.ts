/** People with stock clients in one channel, and whether each heard all that was said, once and in one order. */
import { Spectator } from '../../../tests/e2e/spectator.ts'
import type { Ground } from './ground.ts'
import { until } from './ground.ts'

export class Talk {
  readonly #people: readonly Spectator[]
  readonly #said: string[] = []
  #longestMs = 0

  private constructor(people: readonly Spectator[]) {
    this.#people = people
  }

  /** One person at each address; they leave with the ground. */
  static async between(ground: Ground, urls: readonly string[]): Promise<Talk> {
    const people = await Promise.all(urls.map((url, at) => Spectator.comeIn(url, `person ${at}`)))
    const talk = new Talk(people)
    ground.later(() => talk.end())
    return talk
  }

  /** Everybody says something, one after the other; resolves when all have heard all of it. */
  async round(topic: string): Promise<void> {
    for (const [at, person] of this.#people.entries()) {
      const text = `${topic} ${at}`
      const startedMs = performance.now()
      this.#said.push(text)
      await person.send(person.place('general').id, text)
      await until(`"${text}" at everybody`, () =>
        this.#people.every((one) => one.texts.includes(text)),
      )
      this.#longestMs = Math.max(this.#longestMs, performance.now() - startedMs)
    }
  }

  /** Everybody leaves. */
  end(): void {
    for (const person of this.#people) person.leave()
  }

  /** From a send to the last who heard it, since the last call, in ms. */
  takeLongestMs(): number {
    const longestMs = Math.round(this.#longestMs)
    this.#longestMs = 0
    return longestMs
  }

  get said(): number {
    return this.#said.length
  }

  /** All of it, once, in the order in which it was said. */
  get isWhole(): boolean {
    return this.#people.every(({ texts }) => texts.join('\n') === this.#said.join('\n'))
  }
}
